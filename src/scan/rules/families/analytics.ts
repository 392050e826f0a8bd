/** Product and web analytics: Segment, Amplitude, Mixpanel, PostHog, RudderStack, FullStory ... */
import type { Rule } from '../model/rule.ts';
import { SECRETS, alphanumeric, base64url, hex, tokenRules, uuid, valueRules } from '../authoring/table.ts';

const POSTHOG = 'https://posthog.com/docs/api';

// prettier-ignore
export const analyticsRules: readonly Rule[] = [
  ...tokenRules([
    ['Segment', 'Public API token', 'critical', 'sgp_', alphanumeric(64), 'https://segment.com/docs/api/public-api/', { where: 'under "Workspace settings > Access Management" in Segment' }],
    ['PostHog', 'personal API key', 'high', 'phx_', base64url([40, 56]), POSTHOG, { where: 'under "Settings > Personal API keys" in PostHog' }],
    ['PostHog', 'feature flags secure API key or OAuth refresh token', 'medium', ['phs_', 'pha_', 'phr_'], base64url([40, 56]), POSTHOG, { where: 'under "Project settings" in PostHog', id: 'posthog-feature-flags-secure-or-refresh-key' }],
    ['PostHog', 'project API key (public by design)', 'low', 'phc_', alphanumeric([40, 50]), POSTHOG, { where: 'under "Project settings" in PostHog', id: 'posthog-project-key' }],
  ]),
  ...valueRules([
    ['Segment', 'write key', 'medium', ['segment_', 'segment-', 'segment.', 'segmentio', 'segmentwritekey', 'segmentapi', 'segmentkey'], alphanumeric(32), 'https://segment.com/docs/connections/find-writekey/', { rest: SECRETS, where: 'under "Sources" in Segment' }],
    ['Amplitude', 'API key', 'low', ['amplitude'], hex(32), 'https://amplitude.com/docs/apis/authentication', { rest: 'key', where: 'under "Settings > Projects" in Amplitude' }],
    ['Amplitude', 'secret key', 'high', ['amplitude_secret', 'amplitudesecret', 'amplitude-secret', 'amplitude.secret'], hex(32), 'https://amplitude.com/docs/apis/authentication', { where: 'under "Settings > Projects" in Amplitude' }],
    ['Mixpanel', 'token or secret', 'medium', ['mixpanel'], alphanumeric(32), 'https://developer.mixpanel.com/reference/project-secret', { where: 'under "Project settings" in Mixpanel' }],
    ['Heap', 'API key', 'medium', ['heap_', 'heapanalytics', 'heapapi', 'heap-'], alphanumeric([20, 64]), 'https://developers.heap.io/', { rest: 'key|secret', where: 'under "Account > Manage > Privacy & Security" in Heap' }],
    ['RudderStack', 'write key or access token', 'medium', ['rudder'], alphanumeric([24, 28]), 'https://www.rudderstack.com/docs/dashboard-guides/personal-access-token/', { rest: SECRETS, where: 'under "Sources" or "Settings > Access Tokens" in RudderStack' }],
    ['Fullstory', 'API key', 'high', ['fullstory', 'full_story'], { of: 'A-Za-z0-9+/=._-', length: [40, 120] }, 'https://developer.fullstory.com/server/v1/authentication/', { rest: SECRETS, where: 'under "Settings > API Keys" in Fullstory' }],
    ['Hotjar', 'client secret', 'medium', ['hotjar'], base64url([32, 64]), 'https://help.hotjar.com/hc/en-us/articles/36820005914001-Hotjar-API-Reference', { rest: 'secret|token|key', where: 'under "Account settings" in Hotjar' }],
    ['Chartbeat', 'API key', 'medium', ['chartbeat'], hex(32), 'https://docs.chartbeat.com/cbp/api', { where: 'under "API keys" in Chartbeat' }],
    ['Keen', 'key', 'medium', ['keen_', 'keenio', 'keen.', 'keen-'], alphanumeric([64, 220]), 'https://keen.io/docs/access/access-keys/', { rest: 'key', where: 'under "Access" of the project in Keen' }],
    ['Snowplow', 'API key', 'medium', ['snowplow'], uuid, 'https://docs.snowplow.io/docs/account-management/', { rest: 'key|token|secret', where: 'under "Manage organization > API keys" in Snowplow' }],
  ]),
];
