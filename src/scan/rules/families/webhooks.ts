/** Webhooks: URLs that post into a channel or start a workflow, and need no other credential. */
import { named } from '../authoring/builders.ts';
import { HEX, LOWER, URL_SAFE, WORD, describe, secretUrls, uuid } from '../authoring/table.ts';
import type { Rule } from '../model/rule.ts';

const UUID = '[a-fA-F0-9]{8}(?:-[a-fA-F0-9]{4}){3}-[a-fA-F0-9]{12}';
const teams =
  'https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook';
const workflows = 'https://learn.microsoft.com/en-us/azure/logic-apps/logic-apps-http-endpoint';
const dingTalk = 'https://open.dingtalk.com/document/robots/custom-robot-access';
const lark = 'https://open.larksuite.com/document/client-docs/bot-v3/add-custom-bot';
const query = '[A-Za-z0-9%._~&=+-]';

export const webhookRules: readonly Rule[] = [
  // prettier-ignore
  ...secretUrls([
    ['Discord', 'webhook URL', 'medium', '(?:ptb\\.|canary\\.)?(?:www\\.)?', 'discord.com', `/api/(?:v[0-9]{1,2}/)?webhooks/[0-9]{16,20}/[${URL_SAFE}]{60,80}`, 130, 'https://docs.discord.com/developers/resources/webhook', { where: 'under "Edit Channel > Integrations > Webhooks" in Discord' }],
    ['Discord', 'webhook URL (old address)', 'medium', '(?:ptb\\.|canary\\.)?', 'discordapp.com', `/api/(?:v[0-9]{1,2}/)?webhooks/[0-9]{16,20}/[${URL_SAFE}]{60,80}`, 130, 'https://docs.discord.com/developers/resources/webhook', { id: 'discord-webhook-url-old-host', where: 'under "Edit Channel > Integrations > Webhooks" in Discord' }],
    ['Microsoft Teams', 'webhook URL', 'medium', '[a-z0-9-]{1,60}\\.', 'webhook.office.com', `/webhookb[0-9]/${UUID}@${UUID}/IncomingWebhook/[a-f0-9]{32}/${UUID}(?:/[${URL_SAFE}]{20,80})?`, 260, teams],
    ['Microsoft Teams', 'webhook URL (old address)', 'medium', '', 'outlook.office.com', `/webhook/${UUID}@${UUID}/IncomingWebhook/[a-f0-9]{32}/${UUID}`, 180, teams, { id: 'microsoft-teams-webhook-url-old-host' }],
    ['Microsoft Teams', 'webhook URL (oldest address)', 'medium', '', 'outlook.office365.com', `/webhook/${UUID}@${UUID}/IncomingWebhook/[a-f0-9]{32}/${UUID}`, 180, teams, { id: 'microsoft-teams-webhook-url-oldest-host' }],
    ['Azure Logic Apps', 'workflow URL', 'high', '[a-z0-9.-]{1,80}\\.', 'logic.azure.com', `(?::443)?/(?:workflows|api)/${query.replace('[', '[/')}{10,200}\\?${query}{1,200}sig=[${URL_SAFE}]{40,50}`, 480, workflows],
    ['Power Automate', 'workflow URL', 'high', '[a-z0-9.-]{1,80}\\.', 'powerplatform.com', `(?::443)?/${query.replace('[', '[/')}{10,240}\\?${query}{1,200}sig=[${URL_SAFE}]{40,50}`, 520, workflows],
    ['Google Chat', 'webhook URL', 'medium', '', 'chat.googleapis.com', `/v1/spaces/[${URL_SAFE}]{6,30}/messages\\?(?:key=[${URL_SAFE}]{39}|token=[A-Za-z0-9_%=-]{20,100})(?:&|%26|\\\\u0026)(?:token=[A-Za-z0-9_%=-]{20,100}|key=[${URL_SAFE}]{39})`, 240, 'https://developers.google.com/workspace/chat/quickstart/webhooks'],
    ['DingTalk', 'robot webhook URL', 'medium', '', 'oapi.dingtalk.com', `/robot/send\\?access_token=[a-f0-9]{64}`, 100, dingTalk, { where: 'in the robot settings of the DingTalk group' }],
    ['WeCom', 'robot webhook URL', 'medium', '', 'qyapi.weixin.qq.com', `/cgi-bin/webhook/send\\?key=${UUID}`, 80, 'https://developer.work.weixin.qq.com/document/path/91770', { where: 'in the robot settings of the WeCom group' }],
    ['Feishu', 'bot webhook URL', 'medium', '', 'open.feishu.cn', `/open-apis/bot/(?:v2/)?hook/[a-f0-9-]{32,36}`, 80, lark, { where: 'in the bot settings of the Feishu group' }],
    ['Lark', 'bot webhook URL', 'medium', '', 'open.larksuite.com', `/open-apis/bot/(?:v2/)?hook/[a-f0-9-]{32,36}`, 80, lark],
    ['Webex', 'webhook URL', 'medium', '(?:api\\.|)', 'webexapis.com', `/v1/webhooks/incoming/[${URL_SAFE}]{60,140}`, 180, 'https://apphub.webex.com/applications/incoming-webhooks-cisco-systems-38054-23307-75252', { where: 'under "Incoming Webhooks" in the Webex App Hub' }],
    ['Zapier', 'webhook URL', 'medium', '', 'hooks.zapier.com', `/hooks/(?:catch|standard)/[0-9]{4,12}/[${WORD}]{5,12}`, 60, 'https://help.zapier.com/hc/en-us/articles/8496288690317-Trigger-Zaps-from-webhooks', { where: 'in the trigger of the Zap' }],
    ['IFTTT', 'webhook URL', 'medium', '', 'maker.ifttt.com', `/(?:trigger/[A-Za-z0-9_{}-]{1,80}/(?:json/)?with/key|use)/[${URL_SAFE}]{20,48}`, 170, 'https://ifttt.com/maker_webhooks', { where: 'in the Webhooks settings of IFTTT' }],
    ['Make', 'webhook URL', 'medium', 'hook\\.[a-z0-9-]{2,12}\\.', 'make.com', `/[${LOWER}]{28,36}`, 50, 'https://help.make.com/webhooks', { where: 'under "Webhooks" in Make' }],
    ['Integromat', 'webhook URL', 'medium', '', 'hook.integromat.com', `/[${LOWER}]{28,36}`, 50, 'https://help.make.com/webhooks', { where: 'under "Webhooks" in Make' }],
    ['Pipedream', 'endpoint URL', 'low', 'e[on][a-z0-9]{10,20}\\.', 'm.pipedream.net', ``, 4, 'https://pipedream.com/docs/workflows/building-workflows/triggers', { where: 'in the trigger of the Pipedream workflow' }],
    ['Pabbly', 'webhook URL', 'medium', '', 'connect.pabbly.com', `/workflow/sendwebhookdata/[A-Za-z0-9_=%]{20,160}`, 200, 'https://www.pabbly.com/connect/'],
    ['Mattermost', 'webhook URL', 'medium', '[A-Za-z0-9.:/-]{3,80}', '/hooks/', `[a-z0-9]{26}`, 30, 'https://developers.mattermost.com/integrate/webhooks/incoming/', { where: 'under "Integrations > Incoming Webhooks" in Mattermost' }],
    ['Rocket.Chat', 'webhook URL', 'medium', '[A-Za-z0-9.:-]{3,80}/', 'hooks/', `[${WORD}]{17,24}/[${WORD}]{40,64}`, 100, 'https://docs.rocket.chat/docs/integrations', { where: 'under "Workspace > Integrations" in Rocket.Chat' }],
    ['QuickNode', 'endpoint URL', 'medium', '[a-z0-9.-]{3,80}\\.', 'quiknode.pro', `/[${HEX}]{40}`, 50, 'https://www.quicknode.com/docs/welcome', { where: 'in the endpoint settings of the QuickNode dashboard' }],
    ['Infura', 'endpoint URL', 'medium', '[a-z0-9.-]{3,60}\\.', 'infura.io', `/(?:ws/)?v3/[${HEX}]{32}`, 50, 'https://docs.metamask.io/services/concepts/endpoints/', { where: 'in the API key settings of the MetaMask Developer dashboard' }],
    ['Alchemy', 'endpoint URL', 'medium', '[a-z0-9.-]{3,60}\\.', 'alchemy.com', `/(?:nft/|v2/|v3/){1,2}[${URL_SAFE}]{20,36}`, 60, 'https://www.alchemy.com/docs/reference/api-overview'],
    ['Alchemy', 'endpoint URL (old address)', 'medium', '[a-z0-9.-]{3,60}\\.', 'alchemyapi.io', `/v2/[${URL_SAFE}]{20,36}`, 60, 'https://www.alchemy.com/docs/reference/api-overview', { id: 'alchemy-endpoint-url-old-host' }],
  ]),
  named({
    ...describe('Microsoft Teams', 'workflow signature', 'medium', workflows),
    names: ['logic_app', 'logicapp', 'power_automate', 'powerautomate'],
    rest: 'sig|key|secret',
    of: URL_SAFE,
    length: 43,
  }),
  named({
    ...describe('Feishu', 'bot token', 'medium', lark, 'in the bot settings of the Feishu group'),
    names: ['feishu', 'lark_'],
    rest: 'token|hook|bot',
    ...uuid,
  }),
];
