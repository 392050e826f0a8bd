/** Chat: Discord, Telegram, Matrix, Asian messengers, push notifications. Webhooks have a separate file. */
import { BEFORE } from '../authoring/boundaries.ts';
import { named, prefixed } from '../authoring/builders.ts';
import {
  HEX,
  LOWER,
  SECRETS,
  URL_SAFE,
  alphanumeric,
  base64,
  base64url,
  describe,
  hex,
  lower,
  tokenRules,
  uuid,
  valueRules,
} from '../authoring/table.ts';
import type { Rule } from '../model/rule.ts';
import { discordBotToken, intercomToken, matrixToken } from '../validators/chat.ts';
import { opaque } from '../validators/opaque.ts';

const discord = 'https://docs.discord.com/developers/reference';
const dingTalk = 'https://open.dingtalk.com/document/robots/customize-robot-security-settings';
const bots = 'https://docs.discord.com/developers/quick-start/getting-started';
const line = 'https://developers.line.biz/en/docs/basics/channel-access-token/';
const matrix = 'https://spec.matrix.org/latest/client-server-api/#client-authentication';
const mas = 'https://element-hq.github.io/matrix-authentication-service/';
const lark = 'https://open.feishu.cn/document/server-docs/api-call-guide/terminology';
const botToken = '[MNO][A-Za-z0-9_-]{22,27}\\.[A-Za-z0-9_-]{6}\\.[A-Za-z0-9_-]{27,40}(?![A-Za-z0-9_-])';

export const chatRules: readonly Rule[] = [
  {
    ...describe('Discord', 'bot token', 'high', discord),
    remediation: 'Reset the token on the "Bot" page of the application in the Discord Developer Portal.',
    // A number that begins with 1, in base64; or the scheme of the header.
    keywords: [
      'MTA',
      'MTE',
      'MTI',
      'MTM',
      'MTQ',
      'MTU',
      'MTY',
      'MTc',
      'MTg',
      'MTk',
      'Bot M',
      'Bot N',
      'Bot O',
    ],
    pattern: new RegExp(`${BEFORE}(?:Bot (?<secret>${botToken})|(?<secret>(?=MT[AEIMQUYcgk])${botToken}))`),
    window: { before: 0, after: 80 },
    next: [
      { of: 'A-Za-z0-9_-', least: 20, most: 28 },
      { of: '.', least: 1 },
    ],
    validate: discordBotToken,
  },
  {
    ...describe('Discord', 'bot token', 'high', bots),
    id: 'discord-bot-token-by-its-name',
    remediation: 'Reset the token on the "Bot" page of the application in the Discord Developer Portal.',
    keywords: ['discord', '.login', 'bot.run'],
    caseless: true,
    pattern: new RegExp(
      `(?i:discord|\\.login|bot\\.run)[A-Za-z0-9_. -]{0,40}["'\\s:=(,>]{1,12}(?<secret>${botToken})`,
    ),
    window: { before: 0, after: 130 },
    validate: discordBotToken,
  },
  named({
    ...describe('Discord', 'bot token', 'high', bots),
    id: 'discord-bot-token-given-to-a-token',
    remediation: 'Reset the token on the "Bot" page of the application in the Discord Developer Portal.',
    names: ['token'],
    of: 'A-Za-z0-9_.-',
    length: [58, 80],
    form: botToken,
    validate: discordBotToken,
  }),
  named({
    ...describe('Discord', 'client secret', 'high', 'https://docs.discord.com/developers/topics/oauth2'),
    names: ['discord'],
    near: 'client_?-?secret|secret',
    of: URL_SAFE,
    length: [32, 64],
  }),
  {
    ...describe('Telegram', 'bot token', 'high', 'https://core.telegram.org/bots/api#authorizing-your-bot'),
    remediation: 'Revoke the token by sending /revoke to @BotFather in Telegram, then use the new one.',
    keywords: [':AA', '%3AAA'],
    pattern:
      /(?:(?<![A-Za-z0-9_])|(?<=\bbot)|(?<=%[0-9A-F]{2}|\\[nrt]))[0-9]{6,12}(?::|%3A)AA[A-Za-z0-9_-]{32,34}(?![A-Za-z0-9_-])/,
    window: { before: 12, after: 34 },
    next: { of: 'A-Za-z0-9_-', least: 32 },
    validate: (secret) => opaque(secret, secret.slice(-30)),
  },
  {
    ...describe('Telegram', 'bot token', 'high', 'https://core.telegram.org/bots/features#botfather'),
    id: 'telegram-bot-token-by-its-name',
    confidence: 'medium',
    keywords: ['telegram', 'tgbot', 'tg_bot', 'botfather', 'telebot'],
    caseless: true,
    pattern:
      /(?i:telegram|tgbot|tg_bot|botfather|telebot)[^]{0,100}?(?:(?<![A-Za-z0-9_])|(?<=\bbot))(?<secret>[0-9]{8,10}:[A-Za-z0-9_-]{35})(?![A-Za-z0-9_-])/,
    window: { before: 0, after: 160 },
    validate: (secret) => opaque(secret, secret.slice(-30)),
  },
  {
    ...describe('Matrix', 'access token', 'high', matrix),
    keywords: ['syt_'],
    pattern: new RegExp(`${BEFORE}syt_[A-Za-z0-9+/=_-]{2,160}_[A-Za-z]{20}_[A-Za-z0-9]{6}(?![A-Za-z0-9_])`),
    window: { before: 0, after: 190 },
    next: { of: 'A-Za-z0-9+/=_-', least: 30 },
    validate: matrixToken,
  },
  {
    ...describe('Matrix Authentication Service', 'token', 'high', mas),
    keywords: ['mat_', 'mct_', 'mar_', 'mcr_'],
    pattern: new RegExp(`${BEFORE}m(?:at|ct|ar|cr)_[A-Za-z0-9]{30}_[A-Za-z0-9]{6}(?![A-Za-z0-9_])`),
    window: { before: 0, after: 37 },
    next: [
      { of: 'A-Za-z0-9', least: 30, most: 31 },
      { of: '_', least: 1 },
    ],
    validate: (secret) => opaque(secret, secret.slice(4)),
  },
  prefixed({
    ...describe(
      'Intercom',
      'access token',
      'high',
      'https://developers.intercom.com/docs/build-an-integration/learn-more/authentication',
    ),
    // The base64 of `tok:`.
    prefix: 'dG9rO',
    of: 'A-Za-z0-9+/=',
    length: [40, 100],
    validate: intercomToken,
  }),
  prefixed({
    ...describe('DingTalk', 'robot signing secret', 'medium', dingTalk),
    prefix: 'SEC',
    of: HEX,
    length: 64,
  }),
  prefixed({
    ...describe('ntfy', 'access token', 'medium', 'https://docs.ntfy.sh/config/#access-tokens'),
    prefix: 'tk_',
    of: LOWER,
    length: 29,
  }),
  {
    ...describe('Pushbullet', 'access token', 'medium', 'https://docs.pushbullet.com/'),
    keywords: ['pushbullet', 'access-token'],
    caseless: true,
    pattern:
      /(?i:pushbullet|access-token)[^]{0,80}?(?<![A-Za-z0-9_])(?<secret>o\.[A-Za-z0-9]{32})(?![A-Za-z0-9_])/,
    window: { before: 0, after: 115 },
    validate: (secret) => opaque(secret, secret.slice(2)),
  },
  {
    ...describe('Apprise', 'notification URL', 'medium', 'https://appriseit.com/services/'),
    confidence: 'medium',
    keywords: [
      'tgram://',
      'slack://',
      'discord://',
      'pover://',
      'pbul://',
      'gotifys://',
      'gotify://',
      'sendgrid://',
      'mailgun://',
      'twilio://',
      'msteams://',
      'ifttt://',
      'pagerduty://',
      'mmosts://',
      'ntfys://',
      'rockets://',
    ],
    pattern: new RegExp(
      `${BEFORE}(?:tgram|slack|discord|pover|pbul|gotifys?|sendgrid|mailgun|twilio|msteams|ifttt|pagerduty|mmosts|ntfys|rockets)://[A-Za-z0-9_.:@%-]{0,60}[/@:]?[A-Za-z0-9_:-]{14,80}(?:/[A-Za-z0-9_%:@.#+-]{0,80}){0,3}(?![A-Za-z0-9_-])`,
    ),
    window: { before: 0, after: 400 },
    // A route of an app's own scheme is made of words.
    validate: (secret) =>
      /[0-9][A-Za-z]{1,8}[0-9]/.test(secret)
        ? opaque(secret, secret.slice(secret.indexOf('/')))
        : { ok: false, evidence: [] },
  },
  // prettier-ignore
  ...tokenRules([
    ['OneSignal', 'app API key', 'high', ['os_v2_app_'], { of: 'a-z2-7', length: [80, 130] }, 'https://documentation.onesignal.com/docs/en/keys-and-ids'],
    ['OneSignal', 'organization API key', 'critical', ['os_v2_org_'], { of: 'a-z2-7', length: [80, 130] }, 'https://documentation.onesignal.com/docs/en/keys-and-ids'],
    ['Twist', 'OAuth token', 'high', ['oauth2:'], hex(40), 'https://developer.twist.com/v3/#oauth-2'],
  ]),
  // prettier-ignore
  ...valueRules([
    ['Mattermost', 'access token', 'high', ['mattermost'], lower(26), 'https://developers.mattermost.com/integrate/reference/personal-access-token/'],
    ['Rocket.Chat', 'access token', 'high', ['rocketchat', 'rocket.chat', 'rocket_chat'], base64url(43), 'https://developer.rocket.chat/apidocs/personal-access-tokens'],
    ['Zulip', 'API key', 'high', ['zulip'], alphanumeric(32), 'https://zulip.com/api/api-keys'],
    ['Webex', 'client secret', 'high', ['webex_client', 'webexclient', 'webex_secret'], lower(64), 'https://developer.webex.com/docs/integrations'],
    ['Webex', 'access token', 'high', ['webex', 'ciscospark', 'cisco_spark'], base64url([64, 120]), 'https://developer.webex.com/docs/getting-started'],
    ['Zoom', 'client secret or token', 'high', ['zoom_', 'zoom.', 'zoomapi', 'zoomsdk', 'zoomclient'], alphanumeric([22, 40]), 'https://developers.zoom.us/docs/internal-apps/create/', { rest: 'secret|token|key', id: 'zoom-secret' }],
    ['LINE', 'channel access token', 'high', ['line_channel', 'linechannel', 'line_access', 'line_bot', 'linebot', 'line-bot', 'channel_access_token', 'channelaccesstoken', 'channel-access-token', 'channel-token'], base64([150, 190]), line],
    ['LINE', 'channel secret', 'high', ['line_channel', 'linechannel', 'linebot', 'line_bot', 'line-bot', 'channel_secret', 'channelsecret', 'channel-secret'], lower(32), line],
    ['LINE Notify', 'access token', 'medium', ['line_notify', 'linenotify', 'line-notify', 'notify-api.line.me', 'line_token'], alphanumeric(43), 'https://developers.line.biz/en/docs/', { id: 'line-notify-token' }],
    ['Viber', 'bot token', 'high', ['viber'], { of: 'a-f0-9-', length: 50 }, 'https://developers.viber.com/docs/api/rest-bot-api/'],
    ['DingTalk', 'app secret', 'high', ['dingtalk', 'ding_talk', 'dingding'], base64url(64), 'https://open.dingtalk.com/document/orgapp/the-creation-and-installation-of-the-application-robot-in-the'],
    ['WeCom', 'secret', 'high', ['wecom', 'corpsecret', 'corp_secret', 'qywx', 'wxwork', 'workwechat'], base64url(43), 'https://developer.work.weixin.qq.com/document/path/91039'],
    ['WeChat', 'app secret', 'high', ['wechat', 'weixin', 'wx_app', 'wxapp', 'wx_secret', 'wxsecret', 'miniprogram', 'mini_program'], lower(32), 'https://developers.weixin.qq.com/doc/offiaccount/en/Basic_Information/Get_access_token.html'],
    ['Feishu', 'app secret', 'high', ['feishu', 'lark_', 'larksuite', 'larkapp'], alphanumeric(32), lark, { rest: 'secret|key|token' }],
    ['Matrix', 'access token', 'high', ['matrix_', 'matrix.access', 'matrix-access', 'homeserver'], base64url([40, 300]), matrix, { rest: 'access.?token|bot.?token', id: 'matrix-access-token-by-its-name' }],
    ['Gitter', 'access token', 'medium', ['gitter'], lower(40), 'https://developer.gitter.im/docs/authentication'],
    ['Intercom', 'client secret', 'high', ['intercom'], uuid, 'https://developers.intercom.com/docs/build-an-integration/learn-more/authentication'],
    ['Intercom', 'access token', 'high', ['intercom'], alphanumeric([56, 64]), 'https://developers.intercom.com/docs/build-an-integration/learn-more/authentication', { id: 'intercom-access-token-by-its-name' }],
    ['Intercom', 'identity verification secret', 'high', ['intercom'], base64url(40), 'https://developers.intercom.com/installing-intercom/web/identity-verification'],
    ['Drift', 'access token', 'high', ['drift_', 'driftapi', 'drift.com'], alphanumeric(32), 'https://devdocs.drift.com/docs/authentication-and-scopes', { rest: SECRETS }],
    ['Crisp', 'API key', 'high', ['crisp_', 'crisp.chat', 'crispclient', 'crispapi'], lower(64), 'https://docs.crisp.chat/guides/rest-api/authentication/'],
    ['Sendbird', 'API token', 'high', ['sendbird'], lower(40), 'https://sendbird.com/docs/chat/platform-api/v3/prepare-to-use-api'],
    ['Stream', 'API secret', 'high', ['getstream', 'stream_api', 'stream_chat', 'streamchat', 'stream_secret', 'stream_app', 'stream-io'], lower([50, 66]), 'https://getstream.io/chat/docs/node/tokens_and_authentication/'],
    ['Pushover', 'API token', 'medium', ['pushover'], lower(30), 'https://pushover.net/api'],
    ['OneSignal', 'API key (legacy)', 'high', ['onesignal', 'one_signal'], alphanumeric(48), 'https://documentation.onesignal.com/docs/en/keys-and-ids', { id: 'onesignal-legacy-api-key' }],
    ['Expo', 'access token', 'high', ['expo_token', 'expo_access', 'expotoken', 'expo.dev'], base64url(40), 'https://docs.expo.dev/accounts/programmatic-access/'],
    ['Gotify', 'token', 'medium', ['gotify'], { of: 'A-Za-z0-9._-', length: 15 }, 'https://gotify.net/docs/pushmsg'],
    ['PubNub', 'key', 'medium', ['pubnub'], { of: 'A-Za-z0-9-', length: [38, 60] }, 'https://www.pubnub.com/docs/general/setup/account-setup'],
    ['Vonage Video', 'API secret', 'high', ['opentok', 'tokbox'], lower(40), 'https://tokbox.com/developer/guides/basics/'],
    ['Agora', 'app certificate', 'high', ['agora_', 'agoraapp', 'agora.'], hex(32), 'https://docs.agora.io/en/video-calling/get-started/manage-agora-account', { rest: 'cert|secret|key' }],
    ['Trengo', 'API token', 'high', ['trengo'], alphanumeric([40, 80]), 'https://developers.trengo.com/docs/authentication'],
    ['Tawk.to', 'API key', 'high', ['tawk_', 'tawkto', 'tawk.to'], lower(40), 'https://developer.tawk.to/jsapi/'],
    ['LiveChat', 'personal access token', 'high', ['livechat'], { of: 'A-Za-z0-9:_-', length: [36, 60] }, 'https://platform.text.com/docs/authorization/agent-authorization'],
    ['Chatwoot', 'access token', 'high', ['chatwoot'], alphanumeric(24), 'https://developers.chatwoot.com/api-reference/introduction'],
  ]),
];
