const SVG = 'http://www.w3.org/2000/svg';
const MIN_PIXELS = 6;

/** Selects traces in the scatter plot, and a part of the time in a trace's minimap. */
export function selectByDragging(): void {
  document.addEventListener('pointerdown', (event) => {
    const plot = event.target instanceof Element && event.target.closest('#scatter, #minimap');
    if (!(plot instanceof SVGSVGElement) || event.button !== 0 || event.pointerType === 'touch')
      return;
    event.preventDefault();
    drag(plot, event);
  });
}

interface Area {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

function drag(plot: SVGSVGElement, start: PointerEvent): void {
  const brush = document.createElementNS(SVG, 'rect');
  brush.classList.add('brush');
  const from = toPlot(plot, start);
  let area: Area | undefined;

  const moved = (event: PointerEvent) => {
    const isFar =
      Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) > MIN_PIXELS;
    if (!isFar && !area) return;
    const to = toPlot(plot, event);
    const isMap = plot.id === 'minimap';
    area = {
      x: sort(from.x, to.x),
      y: isMap ? [0, plot.viewBox.baseVal.height] : sort(from.y, to.y),
    };
    brush.setAttribute('x', String(area.x[0]));
    brush.setAttribute('y', String(area.y[0]));
    brush.setAttribute('width', String(area.x[1] - area.x[0]));
    brush.setAttribute('height', String(area.y[1] - area.y[0]));
    plot.append(brush);
  };
  const ended = () => {
    removeEventListener('pointermove', moved);
    brush.remove();
    if (!area) return;
    // The click that follows would open the dot below the pointer.
    addEventListener('click', (event) => event.preventDefault(), { capture: true, once: true });
    setTimeout(() => area && location.assign(selectionUrl(plot, area)));
  };
  addEventListener('pointermove', moved);
  addEventListener('pointerup', ended, { once: true });
}

function toPlot(plot: SVGSVGElement, { clientX, clientY }: PointerEvent) {
  const { left, top, width, height } = plot.getBoundingClientRect();
  const box = plot.viewBox.baseVal;
  return {
    x: ((clientX - left) / width) * box.width,
    y: ((clientY - top) / height) * box.height,
  };
}

function sort(a: number, b: number): [number, number] {
  return a < b ? [a, b] : [b, a];
}

function selectionUrl(plot: SVGSVGElement, { x, y }: Area): string {
  const url = new URL(location.href);
  const { from, to, min, max, box, millis } = plot.dataset;
  if (plot.id === 'minimap') {
    const scale = Number(millis) / plot.viewBox.baseVal.width;
    url.searchParams.set('zoom', x.map((each) => (each * scale).toFixed(4)).join('-'));
    return url.href;
  }
  const [left = 0, right = 0, top = 0, bottom = 0] = (box ?? '').split(' ').map(Number);
  const time = (at: number) =>
    Number(from) + ((at - left) / (right - left)) * (Number(to) - Number(from));
  const duration = (at: number) =>
    Number(min) * (Number(max) / Number(min)) ** ((bottom - at) / (bottom - top));
  url.pathname = '/search';
  url.searchParams.delete('lookback');
  url.searchParams.delete('offset');
  url.searchParams.set('start', String(Math.floor(time(x[0]) * 1_000)));
  url.searchParams.set('end', String(Math.ceil(time(x[1]) * 1_000)));
  // The duration counts only when the selection leaves out part of the plot.
  if (y[1] < bottom) url.searchParams.set('minDuration', `${duration(y[1]).toFixed(3)}ms`);
  if (y[0] > top) url.searchParams.set('maxDuration', `${duration(y[0]).toFixed(3)}ms`);
  return url.href;
}
