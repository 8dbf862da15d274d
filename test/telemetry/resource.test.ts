import { afterEach, describe, expect, test, vi } from 'vitest';
import { createResource } from '../../src/telemetry/resource.ts';

const RUNTIME = { name: 'nodejs', version: '26.10.0' };

afterEach(() => vi.unstubAllEnvs());

describe('createResource()', () => {
  test('says which program this is, on which runtime, and by which SDK it tells', () => {
    expect(createResource('1.2.3', RUNTIME).attributes).toEqual({
      'process.runtime.name': 'nodejs',
      'process.runtime.version': '26.10.0',
      'service.instance.id': expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      'service.name': 'todo',
      'service.version': '1.2.3',
      'telemetry.sdk.language': 'nodejs',
      'telemetry.sdk.name': 'opentelemetry',
      'telemetry.sdk.version': expect.stringMatching(/^\d+\.\d+\.\d+$/),
    });
  });

  test('tells two instances apart', () => {
    const id = () => createResource('1.2.3', RUNTIME).attributes['service.instance.id'];
    expect(id()).not.toBe(id());
  });

  test('lets OTEL_RESOURCE_ATTRIBUTES add to it and win', () => {
    vi.stubEnv(
      'OTEL_RESOURCE_ATTRIBUTES',
      'service.name=shop,service.version=9,deployment.environment.name=a%20b',
    );
    expect(createResource('1.2.3', RUNTIME).attributes).toMatchObject({
      'service.name': 'shop',
      'service.version': '9',
      'deployment.environment.name': 'a b',
      'process.runtime.name': 'nodejs',
    });
  });

  test('lets OTEL_SERVICE_NAME win over both', () => {
    vi.stubEnv('OTEL_RESOURCE_ATTRIBUTES', 'service.name=shop');
    vi.stubEnv('OTEL_SERVICE_NAME', 'till');
    expect(createResource('1.2.3', RUNTIME).attributes['service.name']).toBe('till');
  });

  test.each(['', ' '])('takes OTEL_SERVICE_NAME=%j as unset', (name) => {
    vi.stubEnv('OTEL_SERVICE_NAME', name);
    vi.stubEnv('OTEL_RESOURCE_ATTRIBUTES', name);
    expect(createResource('1.2.3', RUNTIME).attributes['service.name']).toBe('todo');
  });
});
