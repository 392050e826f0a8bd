export { type AgentSettings, readAgentSettings } from './agent-settings.ts';
export { type ClientCertificate, connectToPeer } from './agent-socket.ts';
export {
  type ApiReply,
  type ApiRequest,
  certificateAt,
  isCertificateRefusal,
  requestApi,
} from './api-request.ts';
export { BrokerConnection } from './broker-connection.ts';
export { clientId } from './client-id.ts';
export { type AgentLink, type AgentOptions, connectToAgent } from './connect.ts';
export { type BrokerLogin, readLogin } from './broker-login.ts';
export { agentEvents } from './events.ts';
export { type PeerCheck, peerCheck } from './peer-check.ts';
export { probeBroker } from './probe.ts';
export { findSettings } from './settings-search.ts';
export { type Authorities, readAuthorities } from './tls-policy.ts';
