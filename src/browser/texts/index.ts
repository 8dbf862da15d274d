import { enScript, type ScriptTexts } from './en.ts';

/** The texts of the script in the language of the page. */
export const scriptTexts: ScriptTexts = await load(document.documentElement.lang);

async function load(language: string): Promise<ScriptTexts> {
  try {
    if (language === 'fr') return (await import('./fr.ts')).frScript;
    if (language === 'hi') return (await import('./hi.ts')).hiScript;
  } catch {
    // The script also works in English.
  }
  return enScript;
}
