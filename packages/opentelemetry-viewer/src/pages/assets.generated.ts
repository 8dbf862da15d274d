// Made by `npm run build:browser` from packages/opentelemetry-viewer/src/pages/browser; change that.
// biome-ignore-all format: as small as it is sent

export const VIEWER_STYLE: string = `:root {
  color-scheme: light dark;
  --ground: light-dark(#f6f7f9, #0f1115);
  --paper: light-dark(#fff, #161920);
  --raised: light-dark(#eef1f6, #1f242e);
  --ink: light-dark(#1b1f27, #e7eaf0);
  --quiet: light-dark(#586070, #9aa3b5);
  --line: light-dark(#e1e5ec, #272c37);
  --edge: light-dark(#8a92a1, #6d7688);
  --accent: light-dark(#2f55d4, #8fa8ff);
  --on-accent: light-dark(#fff, #0f1115);
  --bad: light-dark(#c0271c, #ff7d70);
  --warn: light-dark(#8a5a00, #f0b952);
  --good: light-dark(#1b7a43, #63cf8e);
  --hit: light-dark(#fff3c4, #3a3216);
  --s0: light-dark(#4c6ef5, #748ffc);
  --s1: light-dark(#0c8599, #3bc9db);
  --s2: light-dark(#2f9e44, #69db7c);
  --s3: light-dark(#9c36b5, #da77f2);
  --s4: light-dark(#d9730d, #ffa94d);
  --s5: light-dark(#5f6b7a, #a4b0c0);
  --s6: light-dark(#c2255c, #f783ac);
  --s7: light-dark(#748c00, #c0dd4d);
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", monospace;
}
* {
  box-sizing: border-box;
  margin: 0;
}
[hidden] {
  display: none;
}
html {
  scroll-padding-block-start: 4.5rem;
}
body {
  background: var(--ground);
  color: var(--ink);
  font:
    0.8125rem / 1.45 system-ui,
    sans-serif;
  overflow-wrap: anywhere;
  -webkit-text-size-adjust: 100%;
  text-size-adjust: 100%;
}
main {
  display: grid;
  grid-template-columns: minmax(0, 1fr);
  gap: 0.75rem;
  padding: 0.75rem clamp(0.5rem, 2vw, 1.5rem) 4rem;
}
main:focus {
  outline: none;
}
#results {
  display: grid;
  grid-template-columns: minmax(0, 1fr);
  gap: 0.75rem;
}
a {
  color: var(--accent);
  text-underline-offset: 0.2em;
}
a:not(:hover, .skip) {
  text-decoration-color: color-mix(in srgb, currentcolor 35%, transparent);
}
:focus-visible {
  outline: 2px solid var(--accent);
  outline-offset: 1px;
  border-radius: 3px;
}
h1 {
  font-size: 1.1875rem;
  font-weight: 650;
  letter-spacing: -0.015em;
  line-height: 1.3;
}
h2 {
  font-size: 0.75rem;
  font-weight: 650;
  color: var(--quiet);
  margin-block-end: 0.25rem;
}
small {
  font-size: 0.75rem;
  color: var(--quiet);
}
code,
pre,
kbd {
  font: 0.75rem / 1.5 var(--mono);
}
kbd {
  padding: 0 0.3em;
  border: 1px solid var(--line);
  border-radius: 3px;
  background: var(--paper);
}
pre {
  padding: 0.5rem 0.75rem;
  border: 1px solid var(--line);
  border-radius: 6px;
  background: var(--ground);
  white-space: pre-wrap;
  max-height: 24rem;
  overflow: auto;
}
ul,
ol {
  list-style: none;
  padding: 0;
}
time,
.num,
td,
dd {
  font-variant-numeric: tabular-nums;
}
.unseen {
  position: absolute;
  width: 1px;
  height: 1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}
html:not(.live) .scripted {
  display: none;
}
.skip {
  position: absolute;
  inset-block-start: -4rem;
  inset-inline-start: 0.5rem;
  z-index: 9;
  padding: 0.5rem 1rem;
  background: var(--accent);
  color: var(--on-accent);
}
.skip:focus {
  inset-block-start: 0.5rem;
}

.top {
  position: sticky;
  inset-block-start: 0;
  z-index: 5;
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 0 1rem;
  padding: 0 clamp(0.5rem, 2vw, 1.5rem);
  min-height: 2.75rem;
  background: var(--paper);
  border-block-end: 1px solid var(--line);
}
.brand {
  display: inline-flex;
  align-items: center;
  gap: 0.4rem;
  font-weight: 700;
  color: var(--ink);
  text-decoration: none;
  letter-spacing: -0.01em;
}
.brand svg {
  width: 1.1rem;
  fill: var(--accent);
}
.top nav {
  display: flex;
  flex: 1;
}
.top nav a {
  white-space: nowrap;
  padding: 0.7rem 0.65rem 0.6rem;
  color: var(--quiet);
  text-decoration: none;
  border-block-end: 2px solid transparent;
}
.top nav a:hover {
  color: var(--ink);
}
.top nav a[aria-current] {
  color: var(--ink);
  font-weight: 600;
  border-color: var(--accent);
}
.jump input {
  width: 11rem;
  font: 0.75rem var(--mono);
}

input,
select,
button {
  font: inherit;
  color: inherit;
  min-height: 1.875rem;
  border-radius: 6px;
  border: 1px solid var(--edge);
  background: var(--paper);
  padding: 0.2rem 0.55rem;
  min-width: 0;
}
input[type="checkbox"] {
  min-height: 1rem;
  width: 1rem;
  height: 1rem;
  vertical-align: -0.2em;
  accent-color: var(--accent);
}
::placeholder {
  color: var(--quiet);
  opacity: 1;
}
button {
  cursor: pointer;
  border-color: var(--line);
  background: var(--raised);
}
button.primary {
  background: var(--accent);
  border-color: var(--accent);
  color: var(--on-accent);
  font-weight: 600;
  padding-inline: 1rem;
}
button[aria-pressed="true"] {
  border-color: var(--accent);
  color: var(--accent);
}

.search {
  display: flex;
  flex-wrap: wrap;
  align-items: end;
  gap: 0.5rem;
  padding: 0.6rem 0.75rem;
  border: 1px solid var(--line);
  border-radius: 8px;
  background: var(--paper);
}
.search label {
  display: grid;
  gap: 0.1rem;
  flex: 1 1 7rem;
}
.search label > span {
  font-size: 0.6875rem;
  color: var(--quiet);
}
.search .grow {
  flex: 2 1 9rem;
}
.search .short {
  flex: 0 1 4.5rem;
}
.search select {
  width: 100%;
}
.go,
.actions {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 0.35rem 0.9rem;
}
.go {
  min-height: 1.875rem;
}
.bar {
  display: flex;
  flex-wrap: wrap;
  justify-content: space-between;
  align-items: center;
  gap: 0.25rem 1rem;
  color: var(--quiet);
}
.bar strong,
.facts strong {
  color: var(--ink);
  font-size: 0.9375rem;
}
.problem {
  padding: 0.4rem 0.75rem;
  border-inline-start: 3px solid var(--bad);
  background: var(--paper);
  color: var(--bad);
  white-space: pre-wrap;
}
.hint,
figcaption,
.keys {
  color: var(--quiet);
  font-size: 0.75rem;
}
.selection {
  color: var(--quiet);
}

figure {
  display: grid;
  gap: 0.25rem;
}
.scatter svg {
  width: 100%;
  height: auto;
  min-height: 8rem;
  border: 1px solid var(--line);
  border-radius: 8px;
  background: var(--paper);
  touch-action: pan-y;
}
.scatter text {
  font-size: 11px;
  fill: var(--quiet);
  font-variant-numeric: tabular-nums;
}
.grid {
  stroke: var(--line);
  fill: none;
}
circle {
  fill: var(--s0);
  fill-opacity: 0.55;
  stroke: var(--paper);
  stroke-width: 0.5;
}
circle.bad {
  fill: var(--bad);
  fill-opacity: 0.9;
}
a:hover circle,
a:focus-visible circle {
  fill-opacity: 1;
  stroke: var(--ink);
  stroke-width: 1.5;
}
rect.count {
  fill: var(--s5);
  fill-opacity: 0.5;
}
rect.bad,
rect.count.bad {
  fill: var(--bad);
  fill-opacity: 1;
}
.brush {
  fill: var(--accent);
  fill-opacity: 0.15;
  stroke: var(--accent);
}

table {
  width: 100%;
  border-collapse: collapse;
  background: var(--paper);
  border: 1px solid var(--line);
}
th,
td {
  padding: 0.28rem 0.6rem;
  text-align: start;
  vertical-align: top;
  border-block-end: 1px solid var(--line);
}
thead th {
  position: sticky;
  inset-block-start: 2.75rem;
  z-index: 1;
  background: var(--raised);
  font-size: 0.6875rem;
  font-weight: 600;
  color: var(--quiet);
  white-space: nowrap;
}
.num {
  text-align: end;
  white-space: nowrap;
}
.time,
.by,
.status {
  white-space: nowrap;
}
.time {
  color: var(--quiet);
}
.name {
  width: 45%;
}
.meter {
  width: 12%;
  min-width: 5rem;
}
.meter svg {
  display: block;
  width: 100%;
  height: 0.5rem;
  margin-block-start: 0.35rem;
}
.traces tbody tr {
  position: relative;
}
.traces .name > a {
  font-weight: 550;
  color: var(--ink);
  text-decoration: none;
}
.traces .name > a::after {
  content: "";
  position: absolute;
  inset: 0;
}
tbody tr:hover,
tr.current,
.row:hover {
  background: var(--raised);
}
tr.current {
  box-shadow: inset 3px 0 var(--accent);
}
.services span {
  white-space: nowrap;
  color: var(--quiet);
}
.dot {
  display: inline-block;
  width: 0.55rem;
  height: 0.55rem;
  margin-inline-end: 0.4rem;
  border-radius: 2px;
}
.badge {
  padding: 0 0.4em;
  border-radius: 4px;
  font-size: 0.6875rem;
  font-weight: 600;
  border: 1px solid;
  white-space: nowrap;
}
.badge.slow {
  color: var(--warn);
}
.bad {
  color: var(--bad);
}
.h2,
.h3 {
  color: var(--good);
}
.h4 {
  color: var(--warn);
}
.h5 {
  color: var(--bad);
  font-weight: 650;
}
.sort,
.pager {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 0.25rem 0.9rem;
  color: var(--quiet);
}
.sort a {
  color: var(--quiet);
  text-decoration: none;
  padding-block: 0.25rem;
}
.sort a[aria-current] {
  color: var(--ink);
  font-weight: 600;
  border-block-end: 2px solid var(--accent);
}
.empty {
  display: grid;
  gap: 0.75rem;
  justify-items: center;
  padding: 4rem 1rem;
  border: 1px dashed var(--edge);
  border-radius: 8px;
  text-align: center;
  color: var(--quiet);
}
.empty h1 {
  color: var(--ink);
}

.head {
  display: grid;
  grid-template-columns: minmax(0, 1fr) auto;
  gap: 0.2rem 1.5rem;
  align-items: baseline;
}
.head .facts {
  grid-column: 1 / -1;
  color: var(--quiet);
}
.legend {
  display: flex;
  flex-wrap: wrap;
  gap: 0.1rem 1rem;
}
.head .actions {
  justify-content: end;
}
.notes {
  display: grid;
  gap: 0.25rem;
}
.notes li {
  padding: 0.3rem 0.75rem;
  border-inline-start: 3px solid var(--warn);
  background: var(--paper);
}
.notes a {
  color: var(--ink);
}
.tools {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 0.35rem 0.9rem;
}
.tools input.short {
  width: 4.5rem;
}
.minimap svg {
  display: block;
  width: 100%;
  height: 3.75rem;
  border: 1px solid var(--line);
  border-radius: 6px;
  background: var(--paper);
}
.window {
  fill: var(--accent);
  fill-opacity: 0.12;
}
.waterfall {
  background: var(--paper);
  border: 1px solid var(--line);
  border-radius: 0 0 8px 8px;
  overflow: clip;
}
.row {
  display: grid;
  grid-template-columns: minmax(0, 5fr) 4.75rem 4.75rem minmax(0, 7fr);
  align-items: center;
  gap: 0 0.5rem;
  padding: 0 0.6rem;
  min-height: 1.625rem;
  border-block-end: 1px solid color-mix(in srgb, var(--line) 55%, transparent);
}
.waterfall .row {
  content-visibility: auto;
  contain-intrinsic-block-size: auto 1.625rem;
}
.axis {
  position: sticky;
  inset-block-start: 2.75rem;
  z-index: 2;
  margin-block-end: -0.75rem;
  background: var(--raised);
  border: 1px solid var(--line);
  border-radius: 8px 8px 0 0;
  font-size: 0.6875rem;
  color: var(--quiet);
  font-weight: 600;
}
.ticks {
  display: flex;
  justify-content: space-between;
  font-weight: 400;
}
.label {
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
  line-height: 1.625rem;
  padding-inline-start: var(--indent, 0);
}
.label > a:not(.fold) {
  color: var(--ink);
  text-decoration: none;
}
.label > a:not(.fold):hover {
  text-decoration: underline;
}
.label b {
  font-weight: 600;
  color: var(--quiet);
}
.self {
  color: var(--quiet);
}
.fold {
  display: inline-block;
  width: 1.5rem;
  height: 1.5rem;
  line-height: 1.5rem;
  vertical-align: middle;
  text-align: center;
  color: var(--quiet);
  text-decoration: none;
}
.line {
  width: 100%;
  height: 0.875rem;
}
.line {
  display: block;
}
.row.critical .label > a:not(.fold) {
  font-weight: 550;
}
.path {
  fill: var(--ink);
}
.event {
  fill: var(--ink);
  fill-opacity: 0.65;
}
.row.failed .label > a:not(.fold) {
  color: var(--bad);
}
.row.hit {
  background: var(--hit);
}
.row.current,
.row:target,
.row:has([aria-expanded="true"]) {
  box-shadow: inset 3px 0 var(--accent);
  background: var(--raised);
}
.row.log .label {
  color: var(--quiet);
}
.logmark {
  fill: var(--warn);
}
.severity {
  font: 600 0.6875rem var(--mono);
  color: var(--quiet);
}
.severity.info {
  color: var(--good);
}
.severity.warn {
  color: var(--warn);
}
.severity.error,
.severity.fatal {
  color: var(--bad);
}
.detail {
  display: grid;
  grid-template-columns: minmax(0, 1fr);
  gap: 0.75rem;
  padding: 0.75rem 1rem 1rem;
  background: var(--paper);
  border-block-end: 1px solid var(--line);
  border-inline-start: 3px solid var(--accent);
}
dl.facts {
  display: flex;
  flex-wrap: wrap;
  gap: 0.35rem 1.75rem;
}
dt {
  font-size: 0.6875rem;
  color: var(--quiet);
}
dd {
  margin: 0;
}
.attributes th {
  width: 22%;
  min-width: 9rem;
  font-weight: 500;
  color: var(--quiet);
}
.attributes td {
  white-space: pre-wrap;
  font-family: var(--mono);
  font-size: 0.75rem;
}
.attributes .by {
  width: 1%;
  font-family: inherit;
  white-space: nowrap;
}
.number {
  color: var(--accent);
}
.events {
  display: grid;
  gap: 0.5rem;
}
.logs .name {
  width: 75%;
  white-space: pre-wrap;
}
.copy-button {
  min-height: 1.5rem;
  padding: 0 0.4rem;
  margin: -0.3rem 0 -0.3rem 0.4rem;
  font:
    0.6875rem system-ui,
    sans-serif;
  border: none;
  color: var(--accent);
  background: none;
}
.attributes tr:not(:hover, :focus-within) .copy-button {
  opacity: 0;
}
summary {
  cursor: pointer;
  color: var(--quiet);
  padding-block: 0.2rem;
}

.cards {
  display: grid;
  grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr));
  gap: 0.75rem;
}
.card {
  padding: 0.75rem 1rem;
  border: 1px solid var(--line);
  border-radius: 8px;
  background: var(--paper);
}
.card b {
  display: block;
  font-size: 1.125rem;
  font-weight: 650;
  letter-spacing: -0.02em;
  font-variant-numeric: tabular-nums;
}
.spark {
  display: block;
  width: 9rem;
  height: 1.625rem;
  fill: none;
  stroke: var(--s0);
  stroke-width: 1.5;
}
.spark .area {
  fill: var(--s0);
  fill-opacity: 0.12;
  stroke: none;
}
.spark .bad {
  stroke: var(--bad);
}
.map {
  display: block;
  margin: auto;
  border: 1px solid var(--line);
  border-radius: 8px;
  background: var(--paper);
}
.map text {
  font-size: 13px;
  fill: var(--ink);
  text-anchor: middle;
}
.map .edge {
  stroke: var(--edge);
  fill: none;
}
.map .count {
  font-size: 11px;
  fill: var(--quiet);
  paint-order: stroke;
  stroke: var(--paper);
  stroke-width: 4px;
}
.map .node {
  fill: var(--raised);
  stroke: var(--edge);
}
.more {
  color: var(--bad);
}
.less {
  color: var(--good);
}
section {
  display: grid;
  grid-template-columns: minmax(0, 1fr);
  gap: 0.25rem;
}

.row[hidden],
.detail[hidden] {
  display: none;
}

.scroll {
  overflow-x: auto;
}
.check {
  display: inline-flex;
  align-items: center;
  gap: 0.35rem;
}

@media (max-width: 48rem) {
  .wide {
    display: none;
  }
  .row {
    grid-template-columns: minmax(0, 1fr) 4.5rem;
    padding-block-end: 0.2rem;
  }
  .row .self {
    display: none;
  }
  .row .line,
  .row .ticks {
    grid-column: 1 / -1;
  }
  .axis {
    position: static;
  }
  thead th {
    position: static;
  }
  .head {
    grid-template-columns: minmax(0, 1fr);
  }
  .head .actions {
    justify-content: start;
  }
  .jump {
    display: none;
  }
  th,
  td {
    padding-inline: 0.35rem;
  }
  .attributes :is(th, td) {
    display: block;
    width: auto;
    border: none;
    padding-block: 0.1rem;
  }
  .attributes tr {
    border-block-end: 1px solid var(--line);
  }
  .attributes .by {
    width: auto;
  }
  .scatter svg {
    min-width: 40rem;
  }
  .time {
    white-space: normal;
  }
}
@media (max-width: 26rem) {
  .traces :is(th, td):nth-child(n + 6) {
    display: none;
  }
  .brand {
    font-size: 0;
    gap: 0;
  }
  .top {
    gap: 0 0.25rem;
  }
  .top nav a {
    padding-inline: 0.45rem;
  }
}
@media (forced-colors: active) {
  rect,
  circle {
    forced-color-adjust: none;
  }
  .row.current,
  tr.current {
    outline: 2px solid Highlight;
    outline-offset: -2px;
  }
}
@media print {
  .top,
  .search,
  .tools,
  .sort,
  .pager,
  .actions,
  .fold,
  .by {
    display: none;
  }
  .waterfall .row {
    content-visibility: visible;
    break-inside: avoid;
  }
  .axis,
  thead th {
    position: static;
  }
  pre {
    max-height: none;
  }
}
.s0 {
  --c: var(--s0);
}
.s1 {
  --c: var(--s1);
}
.s2 {
  --c: var(--s2);
}
.s3 {
  --c: var(--s3);
}
.s4 {
  --c: var(--s4);
}
.s5 {
  --c: var(--s5);
}
.s6 {
  --c: var(--s6);
}
.s7 {
  --c: var(--s7);
}
i.dot {
  background: var(--c);
}
rect:is(.s0, .s1, .s2, .s3, .s4, .s5, .s6, .s7) {
  fill: var(--c);
}
.d1 {
  --indent: 0.9rem;
}
.d2 {
  --indent: 1.8rem;
}
.d3 {
  --indent: 2.7rem;
}
.d4 {
  --indent: 3.6rem;
}
.d5 {
  --indent: 4.5rem;
}
.d6 {
  --indent: 5.4rem;
}
.d7 {
  --indent: 6.3rem;
}
.d8 {
  --indent: 7.2rem;
}
.d9 {
  --indent: 8.1rem;
}
.d10 {
  --indent: 9rem;
}
.d11 {
  --indent: 9.9rem;
}
.d12 {
  --indent: 10.8rem;
}
.d13 {
  --indent: 11.1rem;
}
.d14 {
  --indent: 11.4rem;
}
.d15 {
  --indent: 11.7rem;
}
.d16 {
  --indent: 12rem;
}
.d17 {
  --indent: 12.3rem;
}
.d18 {
  --indent: 12.6rem;
}
.d19 {
  --indent: 12.9rem;
}
.d20 {
  --indent: 13.2rem;
}
.d21 {
  --indent: 13.5rem;
}
.d22 {
  --indent: 13.8rem;
}
.d23 {
  --indent: 14.1rem;
}
.d24 {
  --indent: 14.4rem;
}
`;
export const VIEWER_STYLE_URL = '/style.css?v=429bcdc8';

export const VIEWER_SCRIPT: string = `function e(e){if(navigator.clipboard)for(let t of e.querySelectorAll(\`.copy:not([data-copy])\`)){t.dataset.copy=\`\`;let e=t.textContent??\`\`,n=document.createElement(\`button\`);n.type=\`button\`,n.className=\`copy-button\`,n.textContent=\`Copy\`,n.addEventListener(\`click\`,async()=>{try{await navigator.clipboard.writeText(e),n.textContent=\`Copied\`}catch{n.textContent=\`Not allowed\`}}),t.tagName===\`TD\`?t.append(n):t.after(n)}}async function t(){let t=await fetch(location.href,{headers:{Accept:\`text/html\`}}),r=new DOMParser().parseFromString(await t.text(),\`text/html\`),i=r.getElementById(\`results\`),a=document.getElementById(\`results\`);if(!i||!a||n(a))return;let o=document.activeElement,s=a.contains(o)?o?.getAttribute(\`href\`):void 0,c=a.querySelector(\`.current\`)?.id;a.replaceChildren(...i.childNodes),document.title=r.title,c&&document.getElementById(c)?.classList.add(\`current\`),s&&a.querySelector(\`a[href="\${CSS.escape(s)}"]\`)?.focus(),e(a),document.dispatchEvent(new Event(\`results\`))}function n(e){let t=e.querySelector(\`input:focus\`)!==null,n=!getSelection()?.isCollapsed;return t||n||e.querySelector(\`.brush\`)!==null}function r(){let{live:e}=document.body.dataset,n=document.querySelector(\`meta[http-equiv="refresh"]\`)!==null;if(e===void 0||n)return;let r=!1,i=!1,a,o=0,s=new EventSource(\`/events\`);s.addEventListener(\`change\`,({data:t})=>{let n=JSON.parse(String(t));(e===\`all\`||Array.isArray(n)&&n.includes(e))&&(i=!0,l())}),addEventListener(\`pagehide\`,()=>s.close()),document.addEventListener(\`visibilitychange\`,l),document.addEventListener(\`results\`,c),document.addEventListener(\`click\`,({target:e})=>{e instanceof Element&&e.closest(\`#pause\`)!==null&&(r=!r,c(),l())});function c(){let e=document.getElementById(\`pause\`);e&&(e.setAttribute(\`aria-pressed\`,String(r)),e.textContent=r?\`Paused\`:\`Pause\`)}function l(){if(!i||r||document.hidden||a!==void 0)return;let e=Math.max(0,o+500-Date.now());a=window.setTimeout(async()=>{i=!1;try{await t()}catch{}o=Date.now(),a=void 0,l()},e)}}function i(){document.addEventListener(\`click\`,e=>{let{target:t}=e;if(e.ctrlKey||e.metaKey||e.shiftKey||!(t instanceof Element))return;let n=t.closest(\`#waterfall .label > a\`),r=n?.closest(\`.row\`);n&&r&&(e.preventDefault(),n.classList.contains(\`fold\`)?s(r,n):o(r,n))})}function a(){let e=document.getElementById(\`detail\`);if(!e)return!1;let t=e.previousElementSibling;e.remove();let n=t?.querySelector(\`.label > a:not(.fold)\`);return n?.removeAttribute(\`aria-expanded\`),l(\`span\`,void 0),n?.focus(),!0}async function o(t,n){let r=t.nextElementSibling?.id===\`detail\`,i=document.getElementById(\`detail\`);i?.previousElementSibling?.querySelector(\`[aria-expanded]\`)?.removeAttribute(\`aria-expanded\`),i?.remove();let a=t.id.slice(1);if(l(\`span\`,r?void 0:a),r)return;let{pathname:o,search:s}=location,c=await fetch(\`\${o}/span/\${a}\${s}\`);if(!c.ok){location.assign(n.href);return}let u=new DOMParser().parseFromString(await c.text(),\`text/html\`);document.getElementById(\`detail\`)?.remove();let d=document.createElement(\`li\`);d.className=\`detail\`,d.id=\`detail\`,d.append(...u.body.childNodes),t.after(d),n.setAttribute(\`aria-expanded\`,\`true\`),e(d)}function s(e,t){let n=new Set((new URL(location.href).searchParams.get(\`fold\`)??\`\`).split(\`.\`)),r=e.id.slice(1);if(n.has(r)&&t.dataset.own===void 0){location.assign(t.href);return}let i=!n.delete(r);i&&n.add(r),t.dataset.own=\`\`,t.textContent=i?\`▸\`:\`▾\`,t.ariaLabel=(t.ariaLabel??\`\`).replace(/^\\w+/,i?\`Unfold\`:\`Fold\`),l(\`fold\`,[...n].filter(Boolean).join(\`.\`)||void 0),c()}function c(){let e=1/0;for(let t of document.querySelectorAll(\`#waterfall > li\`)){let n=Number(t.dataset.depth??1/0);t.hidden=t.id===\`detail\`?e!==1/0:n>e,t.hidden||t.id===\`detail\`||(e=t.querySelector(\`.fold\`)?.textContent===\`▸\`?n:1/0)}}function l(e,t){let n=new URL(location.href);t?n.searchParams.set(e,t):n.searchParams.delete(e),n.hash=\`\`,history.replaceState(null,\`\`,n)}function u(){document.addEventListener(\`keydown\`,e=>{if(e.ctrlKey||e.metaKey||e.altKey||e.isComposing)return;let{target:t,key:n}=e;if(t instanceof Element&&t.matches(\`input, select, textarea\`)){n===\`Escape\`&&t instanceof HTMLElement&&t.blur();return}let r=d[n];r?.()===!0&&e.preventDefault()})}const d={"/":()=>v(document.querySelector(\`#results [data-search]\`)??document.querySelector(\`[data-search]\`)),j:()=>m(1),k:()=>m(-1),Enter:()=>!g()&&h(),o:h,x:()=>_(p()?.querySelector(\`a.fold\`)),e:()=>_(document.getElementById(\`next-error\`)),Escape:()=>a()||y()};function f(){return[...document.querySelectorAll(\`#traces tbody tr, #waterfall .row:not([hidden], .log), .logs tbody tr\`)]}function p(){return document.querySelector(\`.current\`)}function m(e){let t=f(),n=p(),r=n?t.indexOf(n)+e:0,i=t[Math.min(t.length-1,Math.max(0,r))];return i?(n?.classList.remove(\`current\`),i.classList.add(\`current\`),i.scrollIntoView({block:\`nearest\`}),i.querySelector(\`a:not(.fold)\`)?.focus({preventScroll:!0}),!0):!1}function h(){return _(p()?.querySelector(\`a:not(.fold)\`))}function g(){return document.activeElement?.matches(\`a, button, summary\`)??!1}function _(e){return e instanceof HTMLElement&&(e.click(),!0)}function v(e){return e?.focus(),e!==null}function y(){return location.pathname.startsWith(\`/trace/\`)?(document.referrer.startsWith(location.origin)?history.back():location.assign(\`/\`),!0):!1}function b(){document.addEventListener(\`pointerdown\`,e=>{let t=e.target instanceof Element&&e.target.closest(\`#scatter, #minimap\`);t instanceof SVGSVGElement&&e.button===0&&e.pointerType!==\`touch\`&&(e.preventDefault(),x(t,e))})}function x(e,t){let n=document.createElementNS(\`http://www.w3.org/2000/svg\`,\`rect\`);n.classList.add(\`brush\`);let r=S(e,t),i,a=a=>{if(!(Math.hypot(a.clientX-t.clientX,a.clientY-t.clientY)>6)&&!i)return;let o=S(e,a),s=e.id===\`minimap\`;i={x:C(r.x,o.x),y:s?[0,e.viewBox.baseVal.height]:C(r.y,o.y)},n.setAttribute(\`x\`,String(i.x[0])),n.setAttribute(\`y\`,String(i.y[0])),n.setAttribute(\`width\`,String(i.x[1]-i.x[0])),n.setAttribute(\`height\`,String(i.y[1]-i.y[0])),e.append(n)};addEventListener(\`pointermove\`,a),addEventListener(\`pointerup\`,()=>{removeEventListener(\`pointermove\`,a),n.remove(),i&&(addEventListener(\`click\`,e=>e.preventDefault(),{capture:!0,once:!0}),setTimeout(()=>i&&location.assign(w(e,i))))},{once:!0})}function S(e,{clientX:t,clientY:n}){let{left:r,top:i,width:a,height:o}=e.getBoundingClientRect(),s=e.viewBox.baseVal;return{x:(t-r)/a*s.width,y:(n-i)/o*s.height}}function C(e,t){return e<t?[e,t]:[t,e]}function w(e,{x:t,y:n}){let r=new URL(location.href),{from:i,to:a,min:o,max:s,box:c,millis:l}=e.dataset;if(e.id===\`minimap\`){let n=Number(l)/e.viewBox.baseVal.width;return r.searchParams.set(\`zoom\`,t.map(e=>(e*n).toFixed(4)).join(\`-\`)),r.href}let[u=0,d=0,f=0,p=0]=(c??\`\`).split(\` \`).map(Number),m=e=>Number(i)+(e-u)/(d-u)*(Number(a)-Number(i)),h=e=>Number(o)*(Number(s)/Number(o))**((p-e)/(p-f));return r.pathname=\`/search\`,r.searchParams.delete(\`lookback\`),r.searchParams.delete(\`offset\`),r.searchParams.set(\`start\`,String(Math.floor(m(t[0])*1e3))),r.searchParams.set(\`end\`,String(Math.ceil(m(t[1])*1e3))),n[1]<p&&r.searchParams.set(\`minDuration\`,\`\${h(n[1]).toFixed(3)}ms\`),n[0]>f&&r.searchParams.set(\`maxDuration\`,\`\${h(n[0]).toFixed(3)}ms\`),r.href}document.documentElement.classList.add(\`live\`),u(),i(),b(),e(document),r();`;
export const VIEWER_SCRIPT_URL = '/app.js?v=ff2cef6c';
