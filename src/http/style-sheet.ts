/** The look of all pages, light and dark, from 320 px up. */
export const STYLE_SHEET = `:root {
  color-scheme: light dark;
  --ground: light-dark(#f5f3ee, #15171a);
  --paper: light-dark(#ffffff, #1e2125);
  --ink: light-dark(#23272c, #e9e7e2);
  --quiet: light-dark(#5b626a, #a5abb3);
  --line: light-dark(#dfdbd2, #33373d);
  --edge: light-dark(#7f848a, #7b8088);
  --accent: light-dark(#0f6b5c, #67cfba);
  --on-accent: light-dark(#ffffff, #0a1f1b);
  --alarm: light-dark(#a3261b, #ff9f92);
}

* { box-sizing: border-box; margin: 0; }

body {
  background: var(--ground);
  color: var(--ink);
  font: 1.0625rem/1.5 system-ui, sans-serif;
  overflow-wrap: anywhere;
}

main {
  display: grid;
  gap: 1.5rem;
  max-width: 40rem;
  margin: 0 auto;
  padding: clamp(1.5rem, 8vh, 5rem) 1rem 3rem;
}

header {
  display: flex;
  flex-wrap: wrap;
  align-items: baseline;
  justify-content: space-between;
  gap: 0 1rem;
}

h1 { font-size: clamp(1.75rem, 6vw, 2.25rem); line-height: 1.2; letter-spacing: -0.02em; }

header p, .trace { color: var(--quiet); font-variant-numeric: tabular-nums; }

code { font: 0.875rem ui-monospace, monospace; color: var(--ink); }

a { color: var(--accent); }

.add { display: grid; grid-template-columns: 1fr auto; gap: 0.375rem 0.5rem; }

.add label, .refusal { grid-column: 1 / -1; font-size: 0.9375rem; }

.add label { color: var(--quiet); }

.refusal { color: var(--alarm); font-weight: 600; }

input, button { font: inherit; border-radius: 0.625rem; min-height: 2.75rem; }

input {
  width: 100%;
  min-width: 0;
  padding: 0.5rem 0.875rem;
  border: 1px solid var(--edge);
  background: var(--paper);
  color: inherit;
}

input[aria-invalid] { border-color: var(--alarm); }

button {
  padding: 0.5rem 1.125rem;
  border: 1px solid transparent;
  background: var(--accent);
  color: var(--on-accent);
  font-weight: 600;
  cursor: pointer;
}

button:hover { filter: brightness(1.1); }

:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }

input:focus-visible { outline-offset: -1px; }

ul {
  list-style: none;
  padding: 0;
  border: 1px solid var(--line);
  border-radius: 0.875rem;
  background: var(--paper);
}

li {
  display: flex;
  align-items: center;
  gap: 0.75rem;
  padding: 0.5rem 0.5rem 0.5rem 1rem;
}

li + li { border-top: 1px solid var(--line); }

li span { flex: 1; min-width: 0; }

li button {
  padding: 0.5rem 0.75rem;
  background: transparent;
  color: var(--quiet);
  font-size: 0.9375rem;
  font-weight: 500;
}

li button:hover, li button:focus-visible { border-color: currentcolor; color: var(--alarm); filter: none; }

.empty {
  padding: 2.5rem 1.5rem;
  border: 1px dashed var(--edge);
  border-radius: 0.875rem;
  color: var(--quiet);
  text-align: center;
  text-wrap: balance;
}
`;
