import type { Texts } from './en.ts';
import { createNumberFormat } from './number.ts';
import { createPlural } from './plural.ts';

const number = createNumberFormat('fr', ',');
const plural = createPlural('fr');

const quote = (title: string) => `« \u2068${title}\u2069 »`;

/** The texts in French, with no-break spaces before `:`, and narrow ones before `;`, `!` and `?`. */
export const fr = {
  number,
  appName: 'Liste de tâches',
  description:
    'Une liste de tâches qui montre ce qu’une application web peut révéler de son fonctionnement.',
  languages: 'Langue',
  backToTasks: 'Retour aux tâches',

  list: {
    left: (count) =>
      plural(count, {
        one: `${number(count)} tâche restante`,
        other: `${number(count)} tâches restantes`,
      }),
    filters: 'Tâches à afficher',
    show: { all: 'Toutes', active: 'À faire', completed: 'Terminées' },
    noTasks: 'Rien à faire. Profitez-en, ou notez la première chose qui vous vient à l’esprit.',
    noneHere: {
      all: 'Plus aucune tâche ici.',
      active: 'Il ne reste rien à faire ici. Bravo !',
      completed: 'Rien de terminé pour l’instant. Cocher la première case fait toujours plaisir.',
    },
    field: 'Qu’avez-vous à faire ?',
    add: 'Ajouter',
    edit: (title) => `Modifier ${title}`,
    delete: (title) => `Supprimer ${title}`,
    completeAll: 'Tout terminer',
    reopenAll: 'Tout rouvrir',
    clearCompleted: 'Supprimer les terminées',
    pages: 'Pages',
    firstPage: 'Première page',
    previousPage: '← Page précédente',
    nextPage: 'Page suivante →',
    added: 'Ajoutée à la fin de la liste.',
    showAdded: 'Afficher',
    taskDeleted: 'Tâche supprimée.',
    completedDeleted: 'Tâches terminées supprimées.',
    undo: 'Annuler',
  },

  edit: {
    title: 'Modifier une tâche',
    save: 'Enregistrer',
    hint: 'Enregistrer un titre vide supprime la tâche.',
    moveUp: 'Monter',
    moveDown: 'Descendre',
  },

  notices: {
    addedToActive: 'Votre tâche a été ajoutée aux tâches à faire.',
    gone: 'Cette tâche n’existe plus : quelqu’un l’a supprimée.',
    editedGone:
      'La tâche que vous modifiiez n’existe plus. Ajouter votre texte comme nouvelle tâche ?',
    notDeleted: (title) =>
      `Cette tâche n’a pas été supprimée, car quelqu’un a changé son titre en ${quote(title)}.`,
    replaced: (title) =>
      `Quelqu’un d’autre avait changé le titre en ${quote(title)} ; votre texte l’a remplacé.`,
    notMoved: 'La tâche n’a pas été déplacée : il n’y a plus de place à côté de l’autre tâche.',
    notRestored:
      'Rien n’a été rétabli : la liste est pleine, ou le serveur n’a plus les tâches supprimées.',
  },

  titles: {
    type: () => 'Une tâche doit avoir un titre, sous forme de texte.',
    blank: () => 'Saisissez d’abord une tâche.',
    nul: () => 'Le titre contient un caractère NUL. Supprimez-le.',
    surrogate: () => 'Le titre contient une moitié de caractère. Supprimez-la.',
    long: (length, maxLength) =>
      `Le titre compte ${number(length)} caractères. Raccourcissez-le à ${number(maxLength)} au maximum.`,
  },

  trace: {
    label: 'Trace',
    millis: (millis) => `${millis < 10 ? number(millis, 1) : number(Math.round(millis))} ms`,
    statements: (count) =>
      plural(count, {
        one: `${number(count)} requête SQL`,
        other: `${number(count)} requêtes SQL`,
      }),
    jaeger: 'Afficher dans Jaeger',
    jaegerDelay: 'Une trace peut mettre jusqu’à 10 secondes à arriver dans Jaeger.',
    viewer: 'Afficher la trace',
    make: 'Créer une trace',
    report:
      'Si cela se reproduit, transmettez l’identifiant de trace ci-dessous à l’exploitant : la trace montre ce qui s’est passé.',
  },

  demo: {
    title: 'Démonstration',
    intro: 'Chaque bouton crée une trace à examiner.',
    slowQuery: {
      name: 'Requête lente',
      text: 'Une requête SQL attend un verrou pendant 1 s.',
      done: 'Le DELETE d’une tâche inexistante a pris une seconde, car une autre connexion détenait le verrou d’écriture. Son span dure autant que celui de la requête HTTP. Pendant ce temps, l’application a servi des pages, mais n’a pu enregistrer aucune modification.',
      notPossible:
        'Une base de données en mémoire n’a qu’une seule connexion : rien ne peut donc la verrouiller. Démarrez l’application avec --database file:tasks.db pour voir une requête lente.',
    },
    error: {
      name: 'Erreur',
      text: 'Un handler lève une exception.',
      done: 'Un handler a volontairement levé une exception, et l’application a répondu avec le statut 500. Dans la trace, le span de cette requête porte le statut ERROR et l’attribut error.type. L’exception est enregistrée avec sa pile d’appels et sa cause, soit comme événement du span, soit comme log. Le log « request failed » porte le même identifiant de trace.',
    },
    nPlusOne: {
      name: 'Requêtes N+1',
      text: 'Une requête SQL pour la liste, puis une de plus par tâche.',
      done: (statements) =>
        `La liste a été lue, puis chacune de ses tâches une nouvelle fois : ${number(statements)} requêtes SQL là où une seule suffirait. La trace montre une rangée de spans courts ; pris un à un, aucun ne semble lent.`,
      noTasks:
        'La liste est vide : il n’y avait donc rien à relire. Ajoutez d’abord quelques tâches.',
    },
    burst: {
      name: 'Rafale',
      text: (requests) => `${number(requests)} requêtes HTTP en même temps.`,
      done: (requests) =>
        `${number(requests)} requêtes ont traversé l’application en même temps, dans ce processus. Chacune a un span sous celui de la requête du bouton. Un seul thread les sert toutes : chaque span dure donc plus longtemps que son propre travail. Leurs requêtes SQL appartiennent à leurs propres spans ; le nombre ci-dessous les compte toutes.`,
    },
  },

  errors: {
    notFound: { title: 'Page introuvable', text: 'Il n’y a rien à cette adresse.' },
    methodNotAllowed: (methods) => ({
      title: 'Méthode non autorisée',
      text: `Cette adresse n’accepte que ${methods}.`,
    }),
    failed: {
      title: 'Une erreur s’est produite',
      text: 'L’erreur vient du serveur, pas de vous. Réessayez dans un instant.',
    },
    unavailable: {
      title: 'Temporairement indisponible',
      text: 'La liste ne peut être ni lue ni modifiée pour le moment. Réessayez dans un instant.',
    },
    listFull: {
      title: 'La liste est pleine',
      text: 'La liste a atteint son nombre maximal de tâches. Supprimez-en d’abord quelques-unes.',
    },
    notAccepted: {
      title: 'Requête refusée',
      text: 'Le serveur a compris la requête, mais il ne l’accepte pas.',
    },
    otherSite: {
      title: 'Envoi depuis un autre site',
      text: 'La liste accepte les modifications de ses propres pages et des sites que son exploitant autorise.',
    },
    tooManyChanges: (rate) => ({
      title: 'Trop de requêtes',
      text:
        rate === undefined
          ? 'Le serveur limite les modifications venant d’une même adresse. Patientez un instant.'
          : `Le serveur accepte au plus ${number(rate)} modifications par seconde et par adresse. Patientez un instant.`,
    }),
    invalidRequest: {
      title: 'Requête non valide',
      text: 'L’URL ou l’en-tête Host de la requête n’est pas valide.',
    },
    unknownHost: {
      title: 'Hôte inconnu',
      text: 'Le serveur n’accepte pas ce nom d’hôte. Son exploitant peut l’ajouter à ALLOWED_HOSTS.',
    },
    longAddress: (kilobytes) => ({
      title: 'Adresse trop longue',
      text: `Le serveur accepte des adresses de ${number(kilobytes)} ko au maximum.`,
    }),
    largeHeaders: (kilobytes) => ({
      title: 'En-têtes trop volumineux',
      text: `Le serveur accepte au plus ${number(kilobytes)} ko d’en-têtes. Supprimer des cookies peut aider.`,
    }),
    incomplete: {
      title: 'Requête incomplète',
      text: 'La requête s’est interrompue trop tôt. Envoyez-la de nouveau.',
    },
    largeBody: (kilobytes) => ({
      title: 'Requête trop volumineuse',
      text: `Le serveur accepte au plus ${number(kilobytes)} ko. Envoyez un texte plus court.`,
    }),
    notForm: {
      title: 'Ce n’est pas un formulaire',
      text: 'Envoyez la tâche sous forme de formulaire : application/x-www-form-urlencoded ou multipart/form-data.',
    },
    unreadableForm: {
      title: 'Formulaire illisible',
      text: 'Le formulaire est mal formé. Revenez en arrière et envoyez-le de nouveau.',
    },
  },
} satisfies Texts;
