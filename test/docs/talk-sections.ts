import { type Block, parseBlocks } from './page.ts';

/** The part of chapter 300 that is about one step. */
export interface Section {
  /** Name of its folder. */
  readonly step: string;
  /** Commands and outputs in order, without the generated blocks. */
  readonly blocks: readonly Block[];
}

const SECTION = /^<!-- step (\S+) -->$.*?^<!-- end of step -->$(.*?)(?=^## |(?![\s\S]))/gms;

/** Reads the sections of chapter 300. */
export function readSections(chapter: string): Section[] {
  return [...chapter.matchAll(SECTION)].map(([, step = '', text = '']) => ({
    step,
    blocks: parseBlocks(text),
  }));
}

/** Replaces the parts of an output that differ between runs: times, durations, IDs and bars. Spaces are equal. */
export function maskOutput(text: string): string {
  return text
    .replaceAll(/^\d\d:\d\d:\d\d(?:\.\d{3})? /gm, 'TIME ')
    .replaceAll(/^[ ╸╺━·]{13}/gm, 'BAR ')
    .replaceAll(/\b[\d.]+ m?s\b(?: slow)?(?:,? \d+ %)?/g, 'DURATION')
    .replaceAll(/\btrace [\da-f]{32}/g, 'trace ID')
    .replaceAll(/\s+/g, ' ');
}
