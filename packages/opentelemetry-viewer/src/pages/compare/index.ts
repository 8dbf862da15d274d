export { comparePair, renderComparePage } from './compare-page.ts';
