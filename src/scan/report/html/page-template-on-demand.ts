/** Replaces `page-template.ts` in the executable: the build made the text, and the executable carries it. */
import { executablePart } from '../../../host/platform/index.ts';

export async function pageTemplate(): Promise<string> {
  return executablePart('page.html').toString('latin1');
}
