export {
  type ApiReply,
  type ApiRequest,
  certificateAt,
  isCertificateRefusal,
  requestApi,
} from './api-request.ts';
export { type ClientCertificate, connectToPeer } from './agent-socket.ts';
export { BrokerConnection } from './broker-connection.ts';
export { brokerEndpoint } from './broker-settings.ts';
export { clientId } from './client-id.ts';
export { connectToAgent } from './connect.ts';
export { agentEvents } from './events.ts';
export { type PeerCheck, peerCheck } from './peer-check.ts';
export { readAuthorities } from './tls-policy.ts';
