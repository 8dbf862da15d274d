import { marked, type Tokens } from 'marked';
import { inLanguage, type Language, readText } from './languages.ts';

/** Lengths of the talk in minutes. */
export const lengths = ['20', '45'] as const;
export type Length = (typeof lengths)[number];

/** A part of the talk: a row of a table in README.md. */
export interface Part {
  readonly length: Length;
  /** `4–6`, from the start of the talk. */
  readonly minutes: string;
  /** Markdown. */
  readonly what: string;
  /** The sections that are shown: chapter and heading in English. */
  readonly sections: readonly string[];
}

const PAGE = 'docs/talk/README.md';

const SECTIONS: Readonly<Record<Length, readonly (readonly string[])[]>> = {
  20: [
    ['100: The question', '100: Three signals', '100: A trace', '100: Context propagation'],
    ['300: 110 An app without telemetry'],
    ['300: 120 The first span'],
    ['300: 130 The middleware'],
    ['300: 140 SQL'],
    ['300: 150 Logs in the trace'],
    ['300: 180 The viewer', '300: 200 The browser'],
    ['400: What you have'],
    ['400: 1. Find the N+1', '400: 2. Find the slow query', '400: Thank you'],
  ],
  45: [
    [
      '100: The question',
      '100: Three signals',
      '100: A trace',
      '100: Context propagation',
      '100: OpenTelemetry',
      '100: The Collector',
      '100: What it costs',
    ],
    ['200: Ports'],
    [
      '300: 110 An app without telemetry',
      '300: 120 The first span',
      '300: 130 The middleware',
      '300: 140 SQL',
      '300: 150 Logs in the trace',
      '300: 160 Metrics',
      '300: 170 Console exporter and grep',
      '300: 180 The viewer',
    ],
    [
      '300: 190 A Collector and Jaeger',
      '300: 200 The browser',
      '300: 210 Sampling',
      '300: 220 When nothing arrives',
    ],
    ['300: 230 Node, Bun and Deno'],
    ['400: What you have', '400: What it costs', '400: Where to go on'],
    [
      '400: 1. Find the N+1',
      '400: 2. Find the slow query',
      '400: 3. Find the lost trace',
      '400: Thank you',
    ],
  ],
};

/** Reads the parts of both lengths from the tables of README.md, whose headings name the minutes. */
export function readSchedule(language: Language): Part[] {
  const tokens = marked.lexer(readText(inLanguage(PAGE, language)));
  return lengths.flatMap((length) => {
    const heading = tokens.findIndex(
      (token) => token.type === 'heading' && token.text.includes(length),
    );
    const table = tokens
      .slice(heading)
      .find((token): token is Tokens.Table => token.type === 'table');
    return (table?.rows ?? []).map(([minutes, what], i) => ({
      length,
      minutes: minutes?.text ?? '',
      what: what?.text ?? '',
      sections: SECTIONS[length][i] ?? [],
    }));
  });
}
