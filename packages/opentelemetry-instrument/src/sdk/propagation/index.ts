export { composePropagators, createPropagator } from './propagator.ts';
