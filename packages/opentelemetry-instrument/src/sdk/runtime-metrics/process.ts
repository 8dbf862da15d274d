import process from 'node:process';
import { type Meter, ValueType } from '@opentelemetry/api';
import { observe, type Stop } from './observe.ts';

const ATTR_CPU_MODE = 'cpu.mode';
const ATTR_FAULT_TYPE = 'system.paging.fault.type';
const ATTR_SWITCH_TYPE = 'process.context_switch.type';
const MICROSECONDS = 1e6;

/**
 * `process.*`: what every runtime knows of its process.
 *
 * Without `process.memory.virtual`: engines reserve gigabytes of addresses that they never use.
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
    result.observe(cpuTime, usage.userCPUTime / MICROSECONDS, { [ATTR_CPU_MODE]: 'user' });
    result.observe(cpuTime, usage.systemCPUTime / MICROSECONDS, { [ATTR_CPU_MODE]: 'system' });
    result.observe(memory, process.memoryUsage.rss());
    result.observe(uptime, process.uptime());
    // Windows does not count them by type, if at all: libuv answers zeros.
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
