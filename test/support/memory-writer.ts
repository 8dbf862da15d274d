import { ExportResultCode } from '@opentelemetry/core';
import type { Writer } from '../../exporters/terminal/writer.ts';

/** A writer that keeps what it gets, or that fails every write when `fails` is set. */
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
