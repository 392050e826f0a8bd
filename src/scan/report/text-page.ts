/** What the parts of the text report are written on. */
import type { styleText } from 'node:util';
import type { TextStyle } from '../../host/log/index.ts';

export interface Page extends TextStyle {
  /** Colours a text, or returns it unchanged. */
  readonly paint: (format: Parameters<typeof styleText>[0], text: string) => string;
}
