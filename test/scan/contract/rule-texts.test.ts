/** Titles and remedies of the built-in rules have one style, so that lists of them read well. */
import { expect, test } from '@jest/globals';
import { consoles } from '../../../src/scan/rules/authoring/consoles.ts';
import { allRules } from '../../../src/scan/rules/index.ts';

const MAX_TITLE = 85;
const MAX_REMEDY = 200;

/** A remedy begins with what to do. */
const verbs = new Set(
  `Add Change Check Create Deactivate Delete Destroy Disable End Generate Import Invalidate Leave Let Log Look Make Move
  Redeem Refresh Regenerate Remove Replace Reset Restart Restrict Retire Revoke Roll Rotate Set Sign Treat`.split(
    /\s+/,
  ),
);

/** Places in a vendor's pages are written `"Settings > API keys"`. */
const COMMA_IN_PLACE = /under "[^"]*, /;

function faultsOf(title: string, remedy: string): string[] {
  const faults: readonly (readonly [fault: string, isPresent: boolean])[] = [
    ['the title is too long', title.length > MAX_TITLE],
    ['the title begins with an article', /^(?:An?|Its|Your) /.test(title)],
    ['the title ends like a sentence', /[.,:;]$/.test(title)],
    ['the title describes how the rule works', / (?:by its|beside|near) /.test(title)],
    [
      'variants of a format stand in parentheses',
      /(?<!\()\bold form(?:at)?\b|, (?:test|live) mode/.test(title),
    ],
    ['the remedy is too long', remedy.length > MAX_REMEDY],
    ['the remedy begins with none of the verbs', !verbs.has(remedy.split(' ', 1)[0] ?? '')],
    ['the remedy is no sentence', !/[a-z0-9)`"]\.$/i.test(remedy)],
    ['the remedy has more than two sentences', /\. [A-Z].*\. [A-Z]/.test(remedy)],
    ['the remedy has a place with commas', COMMA_IN_PLACE.test(remedy)],
    ['the remedy has a doubled character or an old phrase', /,,|\.\.| {2}| make a new /.test(remedy)],
    ['a quotation mark or a back quote is missing', isUneven(remedy, '"') || isUneven(remedy, '`')],
  ];
  return faults.flatMap(([fault, isPresent]) => (isPresent ? [fault] : []));
}

function isUneven(text: string, mark: string): boolean {
  return text.split(mark).length % 2 === 0;
}

test('every title and remedy has the style', () => {
  const faults = allRules.flatMap(({ id, title, remediation }) =>
    faultsOf(title, remediation).map((fault) => `${id}: ${fault}: ${title} | ${remediation}`),
  );
  expect(faults).toEqual([]);
});

test('no place of a vendor is left over', () => {
  const unused = Object.entries(consoles).filter(
    ([vendor, place]) =>
      !allRules.some(
        ({ title, remediation }) => title.startsWith(vendor) && remediation.includes(`it ${place},`),
      ),
  );
  expect(unused).toEqual([]);
});
