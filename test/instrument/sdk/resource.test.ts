import process from 'node:process';
import { describe, expect, test } from 'vitest';
import manifest from '../../../packages/hono-opentelemetry/package.json' with { type: 'json' };
import { SCOPE_OPTIONS } from '../../../packages/hono-opentelemetry/src/scope.ts';
import { createResource } from '../../../packages/opentelemetry-instrument/src/sdk/resource.ts';
import { settingsOf } from '../../support/settings.ts';

const OPTIONS = {
  resource: { 'service.name': 'todo', 'service.version': '1.2.3' },
  runtime: { name: 'nodejs', version: '26.10.0', hasOwnTelemetry: false },
};
const UNMEASURED = { ...OPTIONS, runtime: { ...OPTIONS.runtime, name: 'other' } };

describe('createResource()', () => {
  test('identifies the process where it is measured', () => {
    const { attributes, schemaUrl } = createResource(OPTIONS, settingsOf());
    const created = Date.parse(String(attributes['process.creation.time']));
    expect(attributes['process.pid']).toBe(process.pid);
    expect(attributes['process.creation.time']).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(Math.abs(created - performance.timeOrigin)).toBeLessThan(1);
    expect(schemaUrl).toBe(SCOPE_OPTIONS.schemaUrl);
    const conventions = manifest.dependencies['@opentelemetry/semantic-conventions'];
    expect(schemaUrl).toBe(`https://opentelemetry.io/schemas/${conventions.replace('^', '')}`);
  });

  test('createResource() describes the program, its runtime and the SDK', () => {
    expect(createResource(UNMEASURED, settingsOf()).attributes).toEqual({
      'process.runtime.name': 'other',
      'process.runtime.version': '26.10.0',
      'service.instance.id': expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      'service.name': 'todo',
      'service.version': '1.2.3',
      'telemetry.sdk.language': 'nodejs',
      'telemetry.sdk.name': 'opentelemetry',
      'telemetry.sdk.version': expect.stringMatching(/^\d+\.\d+\.\d+$/),
    });
  });

  test('createResource() distinguishes two instances', () => {
    const id = () => createResource(OPTIONS, settingsOf()).attributes['service.instance.id'];
    expect(id()).not.toBe(id());
  });

  test('OTEL_RESOURCE_ATTRIBUTES adds attributes and overrides detected ones', () => {
    const settings = settingsOf({
      OTEL_RESOURCE_ATTRIBUTES:
        'service.name=shop,service.version=9,deployment.environment.name=a%20b',
    });
    expect(createResource(OPTIONS, settings).attributes).toMatchObject({
      'service.name': 'shop',
      'service.version': '9',
      'deployment.environment.name': 'a b',
      'process.runtime.name': 'nodejs',
    });
  });

  test('OTEL_SERVICE_NAME overrides both', () => {
    const settings = settingsOf({
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=shop',
      OTEL_SERVICE_NAME: 'till',
    });
    const { attributes } = createResource(OPTIONS, settings);
    expect(attributes['service.name']).toBe('till');
  });
});
