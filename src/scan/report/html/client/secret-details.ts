/** What a row of the table shows when it is opened: all places of a secret, and what to do about it. */
import { confidences } from '../../../model/finding.ts';
import { type Child, el, longList } from './dom.ts';
import type { Place, Secret } from './model.ts';
import { positionOf } from './path.ts';
import { capital, day, number, plural } from './words.ts';

/** Places that are listed until someone asks for all. */
const FIRST_PLACES = 20;

export const stateWords: Readonly<Record<string, string>> = {
  new: 'New',
  'new-place': 'New place',
  moved: 'Moved',
  gone: 'Gone',
  unconfirmed: 'Not seen again',
};

/** The columns that not every page has. */
export interface TableShape {
  readonly hasMachines: boolean;
  /** When a secret was first seen is known only where state is kept, or from several reports. */
  readonly hasDates: boolean;
}

/** @param isWhole list all places */
export function detailsOf(secret: Secret, shape: TableShape, isWhole: boolean): HTMLElement {
  const { rule, places, confidence, fp } = secret;
  const evidence = [...new Set(places.flatMap(({ finding }) => finding.evidence))];
  const first = isWhole ? places.length : FIRST_PLACES;
  const item = (place: Place) => placeItem(place, secret, shape);
  return el(
    'div',
    { class: 'panel' },
    el(
      'div',
      {},
      el('h3', {}, plural(places.length, 'place')),
      ...longList(el('ul', { class: 'places' }), places, first, item, 'more place'),
    ),
    el(
      'div',
      {},
      el('h3', {}, 'What to do'),
      el('p', {}, rule.remediation === '' ? 'The report does not describe this rule.' : rule.remediation),
      source(rule.source),
      el(
        'dl',
        { class: 'terms' },
        ...term('Confidence', capital(confidences[confidence] ?? '')),
        ...term('Evidence', evidence.length === 0 ? 'the format alone' : evidence.join(', ')),
        ...term('Rule', rule.family === undefined ? rule.id : `${rule.id} (${rule.family})`),
        ...term('Fingerprint', el('code', {}, fp)),
      ),
    ),
  );
}

function placeItem(place: Place, secret: Secret, { hasMachines }: TableShape): HTMLElement {
  const { finding, machine } = place;
  const { count, exposure, owner, team, files = 1, also = [], marker, shippedBy, state, since } = finding;
  const positions = `${finding.byte === undefined ? 'lines' : 'bytes'} ${also.map(number).join(', ')}`;
  const facts = [
    hasMachines && machine.name,
    owner !== undefined && `owner ${owner}`,
    team !== undefined && `team ${team}`,
    count > 1 && `${plural(count, 'occurrence')} in this file`,
    also.length > 0 && `also ${positions}`,
    files > secret.places.length && `in ${plural(files, 'file')} on this machine`,
    ...exposure,
    marker !== undefined && `marked ${marker}`,
    shippedBy !== undefined && `shipped by ${shippedBy}`,
    state !== undefined && stateWords[state],
    since !== undefined && `since ${day(since)}`,
  ].filter((fact) => typeof fact === 'string');
  return el(
    'li',
    {},
    el('span', { class: 'path' }, finding.path, el('span', { class: 'position' }, positionOf(place))),
    el('span', { class: 'muted' }, facts.join(' · ')),
  );
}

function term(name: string, value: Child): HTMLElement[] {
  return [el('dt', {}, name), el('dd', {}, value)];
}

/** A link for an address; other sources, such as the name of a standard, are text. */
function source(text: string): HTMLElement | undefined {
  if (text === '') return undefined;
  if (!/^https:\/\/[^\s]+$/.test(text)) return el('p', { class: 'muted' }, `Source: ${text}`);
  const safely = { rel: 'noreferrer noopener', target: '_blank' };
  return el('p', {}, el('a', { href: text, ...safely }, 'Documentation of this credential'));
}
