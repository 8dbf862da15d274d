import { offerToCopy } from './copy.ts';
import { followChanges } from './follow-changes.ts';
import { handleKeys } from './keys.ts';
import { selectByDragging } from './select-by-dragging.ts';
import { handleSpanRows } from './span-rows.ts';

// Everything works without this script; it saves reloads.
document.documentElement.classList.add('live');
handleKeys();
handleSpanRows();
selectByDragging();
offerToCopy(document);
followChanges();
