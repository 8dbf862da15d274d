import { readSettings } from '../../src/settings/read-settings.ts';
import type { Settings } from '../../src/settings.ts';

/** The settings of a program that was told these variables, and nothing else. */
export function settingsOf(variables: Readonly<Record<string, string>> = {}): Settings {
  return readSettings({ variable: variables }).settings;
}
