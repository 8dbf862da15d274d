import type { Texts } from './en.ts';
import { createNumberFormat } from './number.ts';
import { createPlural } from './plural.ts';

const number = createNumberFormat('hi');
/** Nouns that stay English have the plural of English: “0 SQL statements”. */
const plural = createPlural('en');

const quote = (title: string) => `“\u2068${title}\u2069”`;

/** The texts in Hindi. Terms of the field stay English, in Latin script, as engineers write them. */
export const hi = {
  number,
  appName: 'टू-डू लिस्ट',
  description: 'एक टू-डू लिस्ट, जो दिखाती है कि कोई वेब ऐप अपने बारे में क्या-क्या बता सकती है।',
  languages: 'भाषा',
  backToTasks: 'लिस्ट पर वापस जाएँ',

  list: {
    left: (count) => `${number(count)} काम बाक़ी`,
    filters: 'कौन-से काम दिखाने हैं',
    show: { all: 'सभी', active: 'बाक़ी', completed: 'पूरे हुए' },
    noTasks: 'करने को कुछ नहीं है। आराम करें, या जो बात सबसे पहले ध्यान में आए, उसे लिख लें।',
    noneHere: {
      all: 'यहाँ और कोई काम नहीं है।',
      active: 'यहाँ करने को कुछ नहीं बचा। शाबाश!',
      completed: 'अभी तक कोई काम पूरा नहीं हुआ। पहला टिक लगाने का मज़ा ही कुछ और है।',
    },
    field: 'क्या करना है?',
    add: 'जोड़ें',
    edit: (title) => `${title} बदलें`,
    delete: (title) => `${title} हटाएँ`,
    completeAll: 'सभी पूरे करें',
    reopenAll: 'सभी फिर से खोलें',
    clearCompleted: 'पूरे हुए काम हटाएँ',
    pages: 'पेज',
    firstPage: 'पहला पेज',
    previousPage: '← पिछला पेज',
    nextPage: 'अगला पेज →',
    added: 'लिस्ट के आख़िर में जोड़ा गया।',
    showAdded: 'दिखाएँ',
    taskDeleted: 'काम हटा दिया गया।',
    completedDeleted: 'पूरे हुए काम हटा दिए गए।',
    undo: 'वापस लाएँ',
  },

  edit: {
    title: 'काम बदलें',
    save: 'सेव करें',
    hint: 'शीर्षक ख़ाली करके सेव करने पर काम हट जाता है।',
    moveUp: 'ऊपर ले जाएँ',
    moveDown: 'नीचे ले जाएँ',
  },

  notices: {
    addedToActive: 'आपका काम बाक़ी कामों में जोड़ दिया गया।',
    gone: 'यह काम अब नहीं है: किसी ने इसे हटा दिया।',
    editedGone: 'जिस काम को आप बदल रहे थे, वह अब नहीं है। क्या आपका लिखा नए काम के तौर पर जोड़ें?',
    notDeleted: (title) => `यह काम नहीं हटाया गया, क्योंकि किसी ने इसे बदलकर ${quote(title)} कर दिया है।`,
    replaced: (title) =>
      `किसी और ने इस काम को बदलकर ${quote(title)} कर दिया था; अब उसकी जगह आपका लिखा है।`,
    notMoved: 'काम की जगह नहीं बदली: दूसरे काम के पास इसके लिए जगह नहीं है।',
    notRestored:
      'कुछ भी वापस नहीं लाया जा सका: या तो लिस्ट भर गई है, या हटाए गए काम अब सर्वर के पास नहीं हैं।',
  },

  titles: {
    type: () => 'काम का शीर्षक ज़रूरी है, और उसे टेक्स्ट होना चाहिए।',
    blank: () => 'पहले कोई काम लिखें।',
    nul: () => 'शीर्षक में एक NUL कैरेक्टर है। उसे हटाएँ।',
    surrogate: () => 'शीर्षक में एक अधूरा कैरेक्टर है। उसे हटाएँ।',
    long: (length, maxLength) =>
      `शीर्षक में ${number(length)} कैरेक्टर हैं। उसे छोटा करके ${number(maxLength)} या उससे कम का करें।`,
  },

  trace: {
    label: 'Trace',
    millis: (millis) => `${millis < 10 ? number(millis, 1) : number(Math.round(millis))} ms`,
    statements: (count) =>
      plural(count, {
        one: `${number(count)} SQL statement`,
        other: `${number(count)} SQL statements`,
      }),
    jaeger: 'Jaeger में देखें',
    jaegerDelay: 'Request के बाद trace को Jaeger तक पहुँचने में 10 सेकंड तक लग सकते हैं।',
    viewer: 'Trace देखें',
    make: 'Trace बनाएँ',
    report:
      'अगर ऐसा फिर हो, तो नीचे दी गई trace ID ऐप चलाने वालों को भेजें: trace दिखाता है कि क्या गड़बड़ हुई।',
  },

  demo: {
    title: 'डेमो',
    intro: 'हर बटन एक trace बनाता है, जिसे आप देख-परख सकते हैं।',
    slowQuery: {
      name: 'धीमी query',
      text: 'एक SQL statement 1 सेकंड तक lock का इंतज़ार करता है।',
      done: 'एक ऐसे काम के DELETE में, जो है ही नहीं, एक सेकंड लगा, क्योंकि write lock किसी दूसरे connection के पास था। उसका span उतना ही लंबा है, जितना request का span। इस बीच ऐप पेज दिखाती रही, पर कोई बदलाव नहीं कर सकी।',
      notPossible:
        'In-memory डेटाबेस में सिर्फ़ एक connection होता है, इसलिए कोई और उसे lock नहीं कर सकता। धीमी query देखने के लिए ऐप को --database file:tasks.db के साथ शुरू करें।',
    },
    error: {
      name: 'Error',
      text: 'एक handler exception throw करता है।',
      done: 'एक handler ने जान-बूझकर exception throw किया, और ऐप ने status 500 के साथ जवाब दिया। Trace में इस request के span का status ERROR है, और उसमें error.type भी है। Exception के साथ उसका stack और उसका cause भी दर्ज है, या तो span के event के रूप में, या log record के रूप में। “request failed” वाले log record में भी यही trace ID है।',
    },
    nPlusOne: {
      name: 'N+1 queries',
      text: 'लिस्ट के लिए एक SQL statement, फिर हर काम के लिए एक और।',
      done: (statements) =>
        `पहले लिस्ट पढ़ी गई, फिर उसका हर काम एक बार और: जहाँ एक SQL statement काफ़ी था, वहाँ ${number(statements)} चले। Trace में छोटे-छोटे spans की क़तार दिखती है; अलग से देखें, तो कोई भी धीमा नहीं लगता।`,
      noTasks: 'लिस्ट ख़ाली है, इसलिए दोबारा पढ़ने को कुछ नहीं था। पहले कुछ काम जोड़ें।',
    },
    burst: {
      name: 'Burst',
      text: (requests) => `एक साथ ${number(requests)} requests।`,
      done: (requests) =>
        `${number(requests)} requests एक साथ, इसी process में, ऐप से होकर गुज़रीं। हर एक का span इस request के span के नीचे है। सबको एक ही thread सँभालता है, इसलिए हर span में उसके अपने काम से ज़्यादा समय लगा। उनके SQL statements उनके अपने spans में हैं; नीचे की संख्या में वे सब गिने गए हैं।`,
    },
  },

  errors: {
    notFound: { title: 'पेज नहीं मिला', text: 'इस पते पर कुछ नहीं है।' },
    methodNotAllowed: (methods) => ({
      title: 'Method की अनुमति नहीं है',
      text: `इस पते पर सिर्फ़ ${methods} चलते हैं।`,
    }),
    failed: {
      title: 'कुछ गड़बड़ हो गई',
      text: 'ग़लती सर्वर से हुई है, आपसे नहीं। थोड़ी देर बाद फिर कोशिश करें।',
    },
    unavailable: {
      title: 'अभी उपलब्ध नहीं है',
      text: 'फ़िलहाल लिस्ट को न पढ़ा जा सकता है, न बदला जा सकता है। थोड़ी देर बाद फिर कोशिश करें।',
    },
    listFull: {
      title: 'लिस्ट भर गई है',
      text: 'लिस्ट में अब और काम नहीं आ सकते। पहले कुछ काम हटाएँ।',
    },
    notAccepted: {
      title: 'Request स्वीकार नहीं हुई',
      text: 'सर्वर request समझ गया, पर उसे स्वीकार नहीं करता।',
    },
    otherSite: {
      title: 'दूसरी साइट से भेजी गई request',
      text: 'लिस्ट सिर्फ़ अपने पेजों से, और उन साइटों से बदलाव लेती है, जिन्हें ऐप चलाने वालों ने अनुमति दी है।',
    },
    tooManyChanges: (rate) => ({
      title: 'बहुत ज़्यादा requests',
      text:
        rate === undefined
          ? 'सर्वर एक पते से आने वाले बदलावों की संख्या सीमित रखता है। थोड़ा रुकें।'
          : `सर्वर एक पते से हर सेकंड ज़्यादा से ज़्यादा ${number(rate)} बदलाव लेता है। थोड़ा रुकें।`,
    }),
    invalidRequest: {
      title: 'ग़लत request',
      text: 'Request का URL या उसका Host header सही नहीं है।',
    },
    unknownHost: {
      title: 'अनजान host',
      text: 'सर्वर यह host name स्वीकार नहीं करता। ऐप चलाने वाले इसे ALLOWED_HOSTS में जोड़ सकते हैं।',
    },
    longAddress: (kilobytes) => ({
      title: 'पता बहुत लंबा है',
      text: `सर्वर ${number(kilobytes)} kB तक के पते लेता है।`,
    }),
    largeHeaders: (kilobytes) => ({
      title: 'Headers बहुत बड़े हैं',
      text: `सर्वर ${number(kilobytes)} kB तक के headers लेता है। Cookies हटाने से मदद मिल सकती है।`,
    }),
    incomplete: {
      title: 'अधूरी request',
      text: 'Request बीच में ही ख़त्म हो गई। उसे फिर से भेजें।',
    },
    largeBody: (kilobytes) => ({
      title: 'Request बहुत बड़ी है',
      text: `सर्वर ${number(kilobytes)} kB तक की request लेता है। कुछ छोटा भेजें।`,
    }),
    notForm: {
      title: 'यह form नहीं है',
      text: 'काम को form के रूप में भेजें: application/x-www-form-urlencoded या multipart/form-data।',
    },
    unreadableForm: {
      title: 'Form पढ़ा नहीं जा सका',
      text: 'Form की बनावट सही नहीं है। पीछे जाकर उसे फिर से भेजें।',
    },
  },
} satisfies Texts;
