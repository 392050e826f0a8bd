/** Services that count what users do: Segment, Amplitude, Mixpanel, PostHog, RudderStack, FullStory ... */
import type { Rule } from '../rule.ts';
import { SECRET, alphanumeric, base64url, hex, tokenRules, uuid, valueRules } from '../table.ts';

const POSTHOG = 'https://posthog.com/docs/api';

// prettier-ignore
export const analyticsRules: readonly Rule[] = [
  ...tokenRules([
    ['segment-public-api-token', 'Segment public API token', 'critical', 'sgp_', { of: 'A-Za-z0-9', length: 64 }, 'under "Workspace settings, Access Management" of Segment', 'https://segment.com/docs/api/public-api/'],
    ['posthog-personal-api-key', 'PostHog personal API key', 'high', 'phx_', base64url([40, 56]), 'under "Settings, Personal API keys" of PostHog', POSTHOG],
    ['posthog-feature-flags-key', 'PostHog feature flags secure or refresh key', 'medium', ['phs_', 'pha_', 'phr_'], base64url([40, 56]), 'under "Project settings" of PostHog', POSTHOG],
    ['posthog-project-key', 'PostHog project key, meant to be in web pages', 'low', 'phc_', alphanumeric([40, 50]), 'under "Project settings" of PostHog', POSTHOG],
  ]),
  ...valueRules([
    ['segment-write-key', 'Segment write key', 'medium', ['segment_', 'segment-', 'segment.', 'segmentio', 'segmentwritekey', 'segmentapi', 'segmentkey'], alphanumeric(32), 'under "Sources" of Segment', 'https://segment.com/docs/connections/find-writekey/', SECRET],
    ['amplitude-api-key', 'Amplitude API key', 'low', ['amplitude'], hex(32), 'under "Settings, Projects" of Amplitude', 'https://amplitude.com/docs/apis/authentication', 'key'],
    ['amplitude-secret-key', 'Amplitude secret key', 'high', ['amplitude_secret', 'amplitudesecret', 'amplitude-secret', 'amplitude.secret'], hex(32), 'under "Settings, Projects" of Amplitude', 'https://amplitude.com/docs/apis/authentication'],
    ['mixpanel-secret', 'Mixpanel token or secret', 'medium', ['mixpanel'], { of: 'A-Za-z0-9', length: 32 }, 'under "Project settings" of Mixpanel', 'https://developer.mixpanel.com/reference/project-secret'],
    ['heap-api-key', 'Heap API key', 'medium', ['heap_', 'heapanalytics', 'heapapi', 'heap-'], alphanumeric([20, 64]), 'under "Account, Manage, Privacy & Security" of Heap', 'https://developers.heap.io/', 'key|secret'],
    ['rudderstack-write-key', 'RudderStack write key or access token', 'medium', ['rudder'], alphanumeric([24, 28]), 'under "Sources" or "Settings, Access Tokens" of RudderStack', 'https://www.rudderstack.com/docs/dashboard-guides/personal-access-token/', SECRET],
    ['fullstory-api-key', 'FullStory API key', 'high', ['fullstory', 'full_story'], { of: 'A-Za-z0-9+/=._-', length: [40, 120] }, 'under "Settings, API Keys" of FullStory', 'https://developer.fullstory.com/server/v1/authentication/', SECRET],
    ['hotjar-api-key', 'Hotjar client secret', 'medium', ['hotjar'], { of: 'A-Za-z0-9_-', length: [32, 64] }, 'under "Account settings" of Hotjar', 'https://help.hotjar.com/hc/en-us/articles/36820005914001-Hotjar-API-Reference', 'secret|token|key'],
    ['chartbeat-api-key', 'Chartbeat API key', 'medium', ['chartbeat'], hex(32), 'under "API keys" of Chartbeat', 'https://docs.chartbeat.com/cbp/api'],
    ['keen-key', 'Keen key', 'medium', ['keen_', 'keenio', 'keen.', 'keen-'], alphanumeric([64, 220]), 'under "Access" of the project in Keen', 'https://keen.io/docs/access/access-keys/', 'key'],
    ['snowplow-api-key', 'Snowplow API key', 'medium', ['snowplow'], uuid, 'under "Manage organization, API keys" of Snowplow', 'https://docs.snowplow.io/docs/account-management/', 'key|token|secret'],
  ]),
];
