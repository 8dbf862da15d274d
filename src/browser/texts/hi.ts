import type { ScriptTexts } from './en.ts';

/** The texts of the script in Hindi. Its words for tasks and seconds have one form for all numbers. */
export const hiScript = {
  added: (title) => `“${title}” जोड़ा गया।`,
  saved: (title) => `“${title}” सेव हो गया।`,
  completed: (title) => `“${title}” पूरा हुआ।`,
  reopened: (title) => `“${title}” फिर से खोला गया।`,
  deleted: (title) => `“${title}” हटा दिया गया।`,
  moved: (title, place, count) => `“${title}” अब ${count} में से नंबर ${place} पर है।`,
  allCompleted: 'सभी काम पूरे हुए।',
  allReopened: 'सभी काम फिर से खोले गए।',
  completedDeleted: 'पूरे हुए काम हटा दिए गए।',
  restored: 'जो हटाया था, वह वापस आ गया।',
  shown: (count) => `${count} काम दिख रहे हैं।`,
  left: (left) => `${left}।`,

  edit: (title) => `${title} बदलें`,
  cancel: 'रद्द करें',

  copy: 'कॉपी करें',
  copyTrace: 'Trace ID कॉपी करें',
  copied: 'कॉपी हो गई',
  traceCopied: 'Trace ID कॉपी हो गई।',
  traceNotCopied: 'Trace ID कॉपी नहीं हो सकी।',

  late: (seconds) =>
    `सर्वर ने ${seconds} सेकंड में जवाब नहीं दिया। क्या-क्या सेव हुआ, यह देखने के लिए पेज फिर से लोड करें।`,
  unreachable: 'सर्वर तक पहुँचा नहीं जा सका। कनेक्शन जाँचकर फिर कोशिश करें।',
  status: (status) => `सर्वर ने status ${status} के साथ जवाब दिया`,
  retry: (seconds) => `${seconds} सेकंड बाद फिर कोशिश करें।`,
  failure: (title, text) => `${title}। ${text}`,
} satisfies ScriptTexts;
