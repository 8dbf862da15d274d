import { inLanguage, languages, readText, translatedPages } from './languages.ts';
import { showStep } from './show-step.ts';

const STEP = /^<!-- step (\S+) -->\n.*?^<!-- end of step -->$/gms;
const FENCE = /^```.*?^```$/gms;

/**
 * Returns all pages, by path, with the parts that have a source elsewhere. The steps of chapter 300 come from
 * their folders, and the blocks of translations from the pages in English.
 */
export function writePages(): Map<string, string> {
  const pages = new Map<string, string>();
  for (const page of translatedPages) {
    const english = fillSteps(readText(page));
    for (const language of languages) {
      const path = inLanguage(page, language);
      const text = language === 'en' ? english : fillSteps(readText(path));
      pages.set(path, copyBlocks(path, text, english));
    }
  }
  return pages;
}

function fillSteps(text: string): string {
  return text.replaceAll(
    STEP,
    (_, step: string) => `<!-- step ${step} -->\n\n${showStep(step)}\n<!-- end of step -->`,
  );
}

/** Replaces the fenced blocks of a page by those of the page in English. */
function copyBlocks(path: string, text: string, english: string): string {
  const blocks = english.match(FENCE) ?? [];
  const found = text.match(FENCE)?.length ?? 0;
  if (found !== blocks.length) {
    throw new Error(`${path} has ${found} blocks, and the page in English ${blocks.length}.`);
  }
  let next = 0;
  return text.replaceAll(FENCE, () => blocks[next++] ?? '');
}
