import type { ScriptTexts } from './en.ts';

const rules = new Intl.PluralRules('fr');

/** The texts of the script in French. */
export const frScript = {
  added: (title) => `Tâche « ${title} » ajoutée.`,
  saved: (title) => `Tâche « ${title} » enregistrée.`,
  completed: (title) => `Tâche « ${title} » terminée.`,
  reopened: (title) => `Tâche « ${title} » rouverte.`,
  deleted: (title) => `Tâche « ${title} » supprimée.`,
  moved: (title, place, count) => `Tâche « ${title} » déplacée en position ${place} sur ${count}.`,
  allCompleted: 'Toutes les tâches sont terminées.',
  allReopened: 'Toutes les tâches sont rouvertes.',
  completedDeleted: 'Tâches terminées supprimées.',
  restored: 'Suppression annulée.',
  shown: (count) =>
    rules.select(count) === 'one' ? `${count} tâche affichée.` : `${count} tâches affichées.`,
  left: (left) => `${left}.`,

  edit: (title) => `Modifier ${title}`,
  cancel: 'Annuler',

  copy: 'Copier',
  copyTrace: 'Copier l’identifiant de trace',
  copied: 'Copié',
  traceCopied: 'Identifiant de trace copié.',
  traceNotCopied: 'L’identifiant de trace n’a pas pu être copié.',

  late: (seconds) =>
    `Le serveur n’a pas répondu dans les ${seconds} secondes. Rechargez la page pour voir ce qui a été enregistré.`,
  unreachable: 'Le serveur est injoignable. Vérifiez la connexion et réessayez.',
  status: (status) => `Le serveur a répondu avec le statut ${status}`,
  retry: (seconds) =>
    rules.select(seconds) === 'one'
      ? `Réessayez dans ${seconds} seconde.`
      : `Réessayez dans ${seconds} secondes.`,
  failure: (title, text) => `${title}. ${text}`,
} satisfies ScriptTexts;
