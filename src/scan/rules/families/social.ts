/** Social networks, music, video, sport, personal storage. */
import { BEFORE } from '../authoring/boundaries.ts';
import { named, prefixed } from '../authoring/builders.ts';
import {
  LOWER,
  URL_SAFE,
  WORD,
  alphanumeric,
  base64,
  base64url,
  describe,
  hex,
  lower,
  tokenRules,
  upper,
  uuid,
  valueRules,
} from '../authoring/table.ts';
import type { Rule } from '../model/rule.ts';
import { isMixed, opaque } from '../validators/opaque.ts';
import { rejected } from '../model/verdict.ts';

const box = 'https://developer.box.com/guides/authentication/';
const dropbox = 'https://developers.dropbox.com/oauth-guide';
const meta = 'https://developers.facebook.com/docs/facebook-login/guides/access-tokens/';
const metaSecret = 'https://developers.facebook.com/docs/facebook-login/security/';
const x = 'https://docs.x.com/fundamentals/authentication/overview';
const twitch = 'https://dev.twitch.tv/docs/authentication/';
const linkedIn = 'https://learn.microsoft.com/en-us/linkedin/shared/authentication/authentication';

export const socialRules: readonly Rule[] = [
  {
    ...describe('X (Twitter)', 'bearer token', 'high', x),
    id: 'x-bearer-token',
    keywords: ['A'.repeat(19)],
    pattern: new RegExp(`${BEFORE}A{19,21}[B-Za-z0-9%][A-Za-z0-9%]{60,110}(?![A-Za-z0-9%/+=_-])`),
    window: { before: 0, after: 116 },
    next: { of: 'A-Za-z0-9%', least: 60 },
    // Rows of the same letter are also empty bytes in base64; `=` stands escaped in the token.
    validate: (secret) => (isMixed(secret) ? opaque(secret, secret.replace(/^A{1,30}/, '')) : rejected),
  },
  {
    ...describe('Facebook', 'app access token', 'high', meta),
    keywords: ['facebook', 'access_token', 'fb_', 'graph.'],
    caseless: true,
    pattern:
      /(?i:facebook|access_token|fb_|graph\.)[^]{0,60}?(?<![A-Za-z0-9])(?<secret>[0-9]{13,17}(?:\||%7C)(?:[A-Za-z0-9_-]{27}|[a-f0-9]{32}))(?![A-Za-z0-9_-])/,
    window: { before: 0, after: 125 },
    validate: (secret) => opaque(secret, secret.replace(/^[0-9]{1,17}(?:\||%7C)/, '')),
  },
  {
    ...describe(
      'Evernote',
      'developer token',
      'high',
      'https://dev.evernote.com/doc/articles/dev_tokens.php',
    ),
    keywords: ['S=s'],
    pattern: new RegExp(
      `${BEFORE}S=s[0-9]{1,4}:U=[a-f0-9]{1,8}:E=[a-f0-9]{8,12}:C=[a-f0-9]{8,12}:P=[a-f0-9]{1,6}:A=[A-Za-z0-9_.-]{1,40}:V=[0-9]:H=[a-f0-9]{32}(?![A-Za-z0-9_])`,
    ),
    window: { before: 0, after: 170 },
    next: { of: '0-9:', least: 2 },
    validate: (secret) => opaque(secret, secret.slice(-32)),
  },
  {
    ...describe('LinkedIn', 'client secret', 'high', linkedIn),
    id: 'linkedin-client-secret-new-form',
    keywords: ['WPL_AP'],
    pattern: new RegExp(
      `${BEFORE}WPL_AP[0-9]\\.[A-Za-z0-9]{16}\\.(?:[0-9A-Za-z+/]{6}={2}|[A-Za-z0-9+/]{8})(?![A-Za-z0-9_=])`,
    ),
    window: { before: 0, after: 28 },
    next: { of: '0-9.', least: 2 },
    validate: (secret) => opaque(secret, secret.slice(8)),
  },
  {
    ...describe('Dropbox', 'access token', 'high', dropbox),
    keywords: ['sl.'],
    pattern: new RegExp(`${BEFORE}sl\\.(?:u\\.)?[A-Za-z0-9_-]{130,1400}(?![A-Za-z0-9_-])`),
    window: { before: 0, after: 1402 },
    next: { of: 'A-Za-z0-9_.-', least: 130 },
    validate: (secret) => (isMixed(secret) ? opaque(secret, secret.slice(3)) : rejected),
  },
  {
    ...describe('Meta', 'access token', 'high', meta),
    keywords: ['EAA'],
    // The three letters are also zeros in base64.
    pattern: new RegExp(`(?<![+/])${BEFORE}EAA[A-Za-z0-9]{80,400}(?![A-Za-z0-9_+/=])`),
    window: { before: 0, after: 400 },
    next: { of: WORD, least: 80 },
    validate: (secret) =>
      isMixed(secret) && !/AAAA/.test(secret.slice(3)) ? opaque(secret, secret.slice(3)) : rejected,
  },
  prefixed({
    ...describe('Twitch', 'chat OAuth token', 'high', twitch),
    prefix: 'oauth:',
    of: LOWER,
    length: 30,
  }),
  named({
    ...describe('X (Twitter)', 'access token', 'high', x),
    id: 'x-access-token',
    names: ['twitter', 'access_token', 'accesstoken', 'oauth_token'],
    of: URL_SAFE,
    length: [50, 62],
    validate: (secret) => (/^[0-9]{5,20}-[A-Za-z0-9]{40}$/.test(secret) ? opaque(secret, secret) : rejected),
  }),
  named({
    ...describe('X (Twitter)', 'consumer secret or access token secret', 'high', x),
    id: 'x-consumer-or-access-secret',
    names: ['twitter', 'x_api_secret', 'x_consumer', 'x_access_token_secret', 'tweepy'],
    near: 'secret',
    of: WORD,
    length: [45, 50],
  }),
  // prettier-ignore
  ...tokenRules([
    ['Instagram', 'access token', 'high', ['IGQ', 'IGAA'], base64url([100, 300]), 'https://developers.facebook.com/docs/instagram-platform/'],
    ['Threads', 'access token', 'high', ['THAA', 'THQ'], base64url([100, 300]), 'https://developers.facebook.com/docs/threads/'],
    ['Pinterest', 'access token', 'high', ['pina_'], upper([40, 120]), 'https://developers.pinterest.com/docs/getting-started/authentication-and-scopes/'],
    ['Pinterest', 'refresh token', 'high', ['pinr.'], { of: 'A-Za-z0-9._-', length: [60, 400] }, 'https://developers.pinterest.com/docs/getting-started/authentication-and-scopes/'],
    ['VK', 'access token', 'high', ['vk1.a.'], base64url([80, 300]), 'https://dev.vk.com/en/api/access-token/getting-started'],
    ['TikTok', 'access token', 'high', ['act.'], { of: 'A-Za-z0-9!.', length: [60, 100] }, 'https://developers.tiktok.com/doc/oauth-user-access-token-management'],
    ['Patreon', 'creator token', 'medium', ['patreon_'], base64url([40, 64]), 'https://docs.patreon.com/#oauth'],
  ]),
  // prettier-ignore
  ...valueRules([
    ['Facebook', 'app secret', 'high', ['facebook', 'fb_app', 'fb_secret', 'fb_client', 'meta_app', 'fbapp', 'whatsapp'], lower(32), metaSecret],
    ['Instagram', 'app secret', 'high', ['instagram'], lower(32), 'https://developers.facebook.com/docs/instagram-platform/'],
    ['X (Twitter)', 'API key', 'medium', ['twitter', 'x_api_key', 'tweepy'], alphanumeric(25), x, { id: 'x-api-key' }],
    ['X (Twitter)', 'consumer secret', 'high', ['consumer_secret', 'consumersecret', 'token_secret', 'tokensecret'], alphanumeric([45, 50]), x, { id: 'x-consumer-secret-by-its-name' }],
    ['LinkedIn', 'client secret', 'high', ['linkedin', 'linked_in'], alphanumeric(16), linkedIn],
    ['LinkedIn', 'access token', 'high', ['linkedin', 'linked_in'], base64url([100, 1000]), linkedIn],
    ['Reddit', 'client secret', 'high', ['reddit', 'praw.'], base64url([27, 30]), 'https://github.com/reddit-archive/reddit/wiki/OAuth2'],
    ['Twitch', 'client secret or token', 'high', ['twitch'], lower(30), twitch],
    ['Spotify', 'client secret', 'medium', ['spotify', 'spotipy'], lower(32), 'https://developer.spotify.com/documentation/web-api/concepts/apps'],
    ['Spotify', 'access token', 'medium', ['spotify'], base64url([80, 400]), 'https://developer.spotify.com/documentation/web-api/concepts/access-token'],
    ['TikTok', 'client secret', 'high', ['tiktok', 'tik_tok'], alphanumeric([32, 40]), 'https://developers.tiktok.com/doc/login-kit-manage-user-access-tokens'],
    ['Pinterest', 'app secret', 'high', ['pinterest'], lower(40), 'https://developers.pinterest.com/docs/getting-started/connect-app/'],
    ['Snapchat', 'client secret', 'high', ['snapchat', 'snap_client', 'snapkit', 'snap_kit'], alphanumeric([20, 44]), 'https://developers.snap.com/api/marketing-api/Ads-API/authentication'],
    ['Tumblr', 'consumer key or secret', 'high', ['tumblr'], alphanumeric(50), 'https://www.tumblr.com/docs/en/api/v2'],
    ['Flickr', 'API key', 'medium', ['flickr'], lower(32), 'https://www.flickr.com/services/api/misc.api_keys.html'],
    ['Flickr', 'API secret', 'medium', ['flickr'], lower(16), 'https://www.flickr.com/services/api/misc.api_keys.html'],
    ['Vimeo', 'access token', 'high', ['vimeo'], lower(32), 'https://developer.vimeo.com/api/authentication'],
    ['Vimeo', 'client secret', 'high', ['vimeo'], { of: 'A-Za-z0-9+/', length: [64, 128] }, 'https://developer.vimeo.com/api/authentication'],
    ['SoundCloud', 'client secret', 'medium', ['soundcloud'], alphanumeric(32), 'https://developers.soundcloud.com/docs/api/guide'],
    ['Strava', 'client secret or token', 'medium', ['strava'], lower(40), 'https://developers.strava.com/docs/authentication/'],
    ['Fitbit', 'client secret', 'medium', ['fitbit'], lower(32), 'https://dev.fitbit.com/build/reference/web-api/developer-guide/'],
    ['Garmin', 'consumer secret', 'medium', ['garmin'], alphanumeric([35, 40]), 'https://developer.garmin.com/gc-developer-program/'],
    ['Withings', 'client secret', 'medium', ['withings'], lower(64), 'https://developer.withings.com/developer-guide/v3/'],
    ['Dropbox Sign', 'API key', 'high', ['hellosign', 'dropbox_sign', 'dropboxsign'], lower(64), 'https://developers.hellosign.com/api/reference/authentication/'],
    ['Dropbox', 'app key or secret', 'high', ['dropbox'], lower(15), dropbox],
    ['Dropbox', 'long-lived access token', 'high', ['dropbox'], base64url(64), dropbox],
    ['Box', 'client secret', 'high', ['box_client', 'box_secret', 'boxclient', 'boxapp', 'box_dev', 'box_access', 'box_token', 'boxsdk', 'box_api'], alphanumeric(32), box],
    ['Egnyte', 'API key', 'high', ['egnyte'], alphanumeric([24, 64]), 'https://developers.egnyte.com/docs/read/Public_API_Authentication'],
    ['Evernote', 'consumer secret', 'medium', ['evernote'], lower(16), 'https://dev.evernote.com/doc/'],
    ['Yahoo', 'client secret', 'high', ['yahoo'], lower(40), 'https://developer.yahoo.com/oauth2/guide/'],
    ['VK', 'service token', 'high', ['vk_token', 'vk_service', 'vk_secure', 'vk_access', 'vkontakte', 'vk_api', 'vk_group'], alphanumeric([64, 85]), 'https://dev.vk.com/en/api/access-token/getting-started'],
    ['VK', 'secure key', 'high', ['vk_secure', 'vk_secret', 'vk_client', 'vkontakte', 'vk_app'], alphanumeric(20), 'https://dev.vk.com/en/api/access-token/getting-started'],
    ['Kakao', 'API key', 'medium', ['kakao'], lower(32), 'https://developers.kakao.com/docs/latest/en/app-setting/app'],
    ['Kakao', 'client secret', 'medium', ['kakao'], alphanumeric(32), 'https://developers.kakao.com/docs/latest/en/kakaologin/rest-api', { rest: 'secret' }],
    ['Weibo', 'app secret', 'high', ['weibo'], lower(32), 'https://open.weibo.com/wiki/Oauth2/'],
    ['QQ', 'app key', 'high', ['qq_app', 'qqconnect', 'qq_connect', 'qq_secret', 'qqapp', 'qqbot', 'qq_bot'], alphanumeric([16, 32]), 'https://wiki.connect.qq.com/'],
    ['Disqus', 'API secret', 'medium', ['disqus'], alphanumeric(64), 'https://disqus.com/api/docs/auth/'],
    ['Trakt', 'client secret', 'medium', ['trakt'], lower(64), 'https://trakt.docs.apiary.io/'],
    ['Patreon', 'token', 'medium', ['patreon'], base64url([43, 64]), 'https://docs.patreon.com/#oauth', { id: 'patreon-token-by-its-name' }],
    ['Deezer', 'secret key', 'medium', ['deezer'], lower(32), 'https://developers.deezer.com/api/oauth'],
    ['Steam', 'Web API key', 'medium', ['steam_', 'steamapi', 'steampowered', 'steamweb', 'steamkey'], hex(32), 'https://partner.steamgames.com/doc/webapi_overview/auth'],
    ['Riot Games', 'API key', 'medium', ['riot_', 'riotapi', 'rgapi-'], uuid, 'https://developer.riotgames.com/docs/portal', { id: 'riot-api-key' }],
    ['Epic Games', 'client secret', 'high', ['epic_client', 'epicgames', 'eos_client', 'eos_secret', 'epic_secret'], { of: 'A-Za-z0-9+/', length: [43, 48] }, 'https://dev.epicgames.com/docs/dev-portal/'],
    ['Roblox', 'Open Cloud API key', 'high', ['roblox', 'rblx'], base64([48, 1200]), 'https://create.roblox.com/docs/cloud/auth/api-keys'],
    ['osu!', 'API key', 'medium', ['osu_api', 'osu_key', 'osu_client', 'osuapi'], alphanumeric(40), 'https://osu.ppy.sh/docs/'],
    ['500px', 'consumer secret', 'low', ['500px'], alphanumeric(40), 'https://github.com/500px/legacy-api-documentation'],
  ]),
];
