import type { Language } from './languages.ts';

/** Words in the drawings. Names of spans, headers and programs are the same in all languages. */
export interface DrawingTexts {
  readonly metrics: string;
  readonly traces: string;
  readonly logs: string;
  readonly metricsShow: string;
  readonly tracesShow: string;
  readonly logsShow: string;
  readonly time: string;
  readonly root: string;
  readonly longest: string;
  readonly browser: string;
  readonly shop: string;
  readonly stock: string;
  /** Two lines. */
  readonly oneTrace: readonly [string, string];
  readonly programs: string;
  readonly collector: readonly string[];
}

export const drawingTexts: Readonly<Record<Language, DrawingTexts>> = {
  en: {
    metrics: 'Metrics',
    traces: 'Traces',
    logs: 'Logs',
    metricsShow: 'Something is wrong.',
    tracesShow: 'This is where.',
    logsShow: 'This is why.',
    time: 'time',
    root: 'the root: a click',
    longest: 'the longest bar without a child',
    browser: 'Browser',
    shop: 'Shop',
    stock: 'Stock',
    oneTrace: ['All spans have the same trace ID,', 'so they are one trace.'],
    programs: 'Your programs',
    collector: ['receives', 'filters, samples', 'batches, forwards'],
  },
  fr: {
    metrics: 'Métriques',
    traces: 'Traces',
    logs: 'Logs',
    metricsShow: 'Quelque chose ne va pas.',
    tracesShow: 'Voici où.',
    logsShow: 'Voici pourquoi.',
    time: 'temps',
    root: 'la racine\u00a0: un clic',
    longest: 'la plus longue barre sans enfant',
    browser: 'Navigateur',
    shop: 'Boutique',
    stock: 'Stock',
    oneTrace: ['Tous les spans portent le même ID de trace\u00a0:', 'ils forment une seule trace.'],
    programs: 'Vos programmes',
    collector: ['reçoit', 'filtre, échantillonne', 'regroupe, transmet'],
  },
  hi: {
    metrics: 'Metrics',
    traces: 'Traces',
    logs: 'Logs',
    metricsShow: 'कुछ गड़बड़ है।',
    tracesShow: 'गड़बड़ यहाँ है।',
    logsShow: 'वजह यह है।',
    time: 'समय',
    root: 'root span: एक क्लिक',
    longest: 'बिना child वाली सबसे लंबी पट्टी',
    browser: 'ब्राउज़र',
    shop: 'दुकान',
    stock: 'स्टॉक',
    oneTrace: ['सभी spans की trace ID एक ही है,', 'इसलिए ये सब मिलकर एक trace हैं।'],
    programs: 'आपके प्रोग्राम',
    collector: ['data लेता है', 'filter और sample करता है', 'batch बनाकर आगे भेजता है'],
  },
};
