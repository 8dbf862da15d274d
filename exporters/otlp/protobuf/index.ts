export { decodeMessage, type Scalar, WIRE_TYPE } from './decode-message.ts';
export { EXPORT_RESPONSE, REQUEST_TYPES, RETRY_INFO, RPC_STATUS } from './message-types.ts';
