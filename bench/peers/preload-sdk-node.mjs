// OpenTelemetry's SDK as a preload module: `node --import ./preload-sdk-node.mjs`.
import { NodeSDK } from '@opentelemetry/sdk-node';

new NodeSDK().start();
