import { ExportResultCode } from '@opentelemetry/core';
import type { Writer } from '../../exporters/terminal/writer.ts';

/** Creates a writer that keeps its input, or fails every write when `fails` is set. */
export function createMemoryWriter(): Writer & { text: string; fails: boolean } {
  return {
    text: '',
    fails: false,
    write(text, done) {
      if (this.fails) return done({ code: ExportResultCode.FAILED });
      this.text += text;
      done({ code: ExportResultCode.SUCCESS });
    },
    flush: async () => {},
  };
}
