import process from 'node:process';
import { type Meter, ValueType } from '@opentelemetry/api';
import { observe, type Stop } from './observe.ts';

const ATTR_CPU_MODE = 'cpu.mode';
const ATTR_FAULT_TYPE = 'system.paging.fault.type';
const ATTR_SWITCH_TYPE = 'process.context_switch.type';
const MICROSECONDS_PER_SECOND = 1e6;

/**
 * Creates the metrics `process.*` that every runtime supports.
 *
 * Engines reserve gigabytes of addresses that they never use, so `process.memory.virtual` is left
 * out.
 * @see https://opentelemetry.io/docs/specs/semconv/system/process-metrics/
 */
export function measureProcess(meter: Meter): Stop {
  const cpuTime = meter.createObservableCounter('process.cpu.time', {
    description: 'Total CPU seconds broken down by different CPU modes.',
    unit: 's',
  });
  const memory = meter.createObservableUpDownCounter('process.memory.usage', {
    description: 'The amount of physical memory in use.',
    unit: 'By',
    valueType: ValueType.INT,
  });
  const uptime = meter.createObservableGauge('process.uptime', {
    description: 'The time the process has been running.',
    unit: 's',
  });
  const pageFaults = meter.createObservableCounter('process.paging.faults', {
    description: 'Number of page faults the process has made.',
    unit: '{fault}',
    valueType: ValueType.INT,
  });
  const contextSwitches = meter.createObservableCounter('process.context_switches', {
    description: 'Number of times the process has been context switched.',
    unit: '{context_switch}',
    valueType: ValueType.INT,
  });

  return observe(meter, [cpuTime, memory, uptime, pageFaults, contextSwitches], (result) => {
    const usage = process.resourceUsage();
    result.observe(cpuTime, usage.userCPUTime / MICROSECONDS_PER_SECOND, {
      [ATTR_CPU_MODE]: 'user',
    });
    result.observe(cpuTime, usage.systemCPUTime / MICROSECONDS_PER_SECOND, {
      [ATTR_CPU_MODE]: 'system',
    });
    result.observe(memory, process.memoryUsage.rss());
    result.observe(uptime, process.uptime());
    // On Windows libuv returns zeros for these counts.
    if (process.platform === 'win32') return;
    result.observe(pageFaults, usage.minorPageFault, { [ATTR_FAULT_TYPE]: 'minor' });
    result.observe(pageFaults, usage.majorPageFault, { [ATTR_FAULT_TYPE]: 'major' });
    result.observe(contextSwitches, usage.voluntaryContextSwitches, {
      [ATTR_SWITCH_TYPE]: 'voluntary',
    });
    result.observe(contextSwitches, usage.involuntaryContextSwitches, {
      [ATTR_SWITCH_TYPE]: 'involuntary',
    });
  });
}
