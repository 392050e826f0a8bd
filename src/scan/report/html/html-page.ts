/** Writes the data of a page into its template. */
import { printable } from '../../../host/log/index.ts';
import type { PageData } from './page-data.ts';
import { DATA_PLACE, TITLE_PLACE } from './page-places.ts';
import { pageTemplate } from './page-template.ts';

/** One self-contained HTML file. Everything in the data is only ever shown as text. */
export async function htmlPage(data: PageData): Promise<string> {
  const template = await pageTemplate();
  const title = escaped(printable(titleOf(data)));
  // Functions, since `$` has a meaning in a text that replaces another.
  return template.replace(TITLE_PLACE, () => title).replace(DATA_PLACE, () => jsonFor(data));
}

function titleOf({ kind, machines }: PageData): string {
  const [first] = machines;
  return kind === 'run' && first !== undefined
    ? `Secrets scan of ${first.name}`
    : `Secrets scan of ${machines.length} machines`;
}

/** For the content of an element, and for attributes in double quotes. */
function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  };
  return text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? '');
}

/**
 * JSON that cannot end the element it is in: it has no `<`. Names are shown with their control and format characters
 * written out, so that they cannot reorder the text around them.
 */
function jsonFor(data: PageData): string {
  const json = JSON.stringify(data, (_, value: unknown) =>
    typeof value === 'string' ? printable(value) : value,
  );
  return json.replaceAll('<', String.raw`\u003c`);
}
