/** The script of the HTML page: reads the data that the page carries, and builds everything that is shown. */
import type { PageData } from '../page-data.ts';
import { coverageSection } from './coverage.ts';
import { el } from './dom.ts';
import { FindingsView } from './findings-view.ts';
import { pageHeader } from './header.ts';
import { machinesSection } from './machines.ts';
import { placesOf } from './model.ts';
import { summarySection } from './summary.ts';

const data: PageData = JSON.parse(document.querySelector('#data')?.textContent ?? '');
const places = placesOf(data);
const findings = new FindingsView(data, places);
const isFleet = data.kind === 'fleet';

document.body.append(
  el('a', { class: 'skip', href: '#findings' }, 'Skip to the findings'),
  pageHeader(data),
  el(
    'main',
    {},
    summarySection(data, places, findings.show),
    ...(places.length > 0 ? [findings.section] : []),
    ...(isFleet ? [machinesSection(data, places, findings.show)] : []),
    coverageSection(data),
  ),
  el(
    'footer',
    {},
    el(
      'p',
      {},
      'This page contains no secret. Secrets are identified by fingerprints: keyed hashes (HMAC-SHA-256) that cannot be reversed. ',
      'The page is complete in itself and loads nothing from the network.',
    ),
  ),
);
// For tests, and for programs that wait for the page.
document.documentElement.dataset['ready'] = 'true';
