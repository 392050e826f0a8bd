/** The pages of a document in their order (ISO 32000-2, section 7.7.3), then those that no longer belong to it. */
import type { PdfDocument } from './document.ts';
import { type Dictionary, type PdfValue, Reference, isArray, isDictionary, nameIn } from './values.ts';

const MAX_DEPTH = 40;

export interface Page {
  readonly dictionary: Dictionary;
  /** Its own, or those of the groups of pages that contain it. */
  readonly resources: Dictionary;
}

export async function* pagesOf(document: PdfDocument): AsyncGenerator<Page> {
  const seen = new Set<number>();
  const root = await document.dictionary(document.trailer.get('Root'));
  yield* pagesIn(document, root.get('Pages'), new Map(), seen, 0);
  for (const number of document.numbers()) {
    if (seen.has(number)) continue;
    const value = await document.object(number);
    if (isDictionary(value) && nameIn(value, 'Type') === 'Page') {
      yield { dictionary: value, resources: await document.dictionary(value.get('Resources')) };
    }
  }
}

async function* pagesIn(
  document: PdfDocument,
  node: PdfValue | undefined,
  inherited: Dictionary,
  seen: Set<number>,
  depth: number,
): AsyncGenerator<Page> {
  if (node instanceof Reference) {
    // A page that occurs twice is read once.
    if (seen.has(node.number) || depth > MAX_DEPTH) return;
    seen.add(node.number);
  }
  const dictionary = await document.resolve(node);
  if (!isDictionary(dictionary) || depth > MAX_DEPTH) return;
  const own = dictionary.get('Resources');
  const resources = own === undefined ? inherited : await document.dictionary(own);
  const kids = await document.resolve(dictionary.get('Kids'));
  if (!isArray(kids)) {
    yield { dictionary, resources };
    return;
  }
  for (const kid of kids) yield* pagesIn(document, kid, resources, seen, depth + 1);
}
