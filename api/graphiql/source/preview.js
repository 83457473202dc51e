// As which role the person looks: the queries of the window say so by a header; the page's own questions do not.

import { known } from './known.js';
import { Store } from './store.js';

export const preview = new Store(''); // a role, or '' for oneself

const WHOLE = ['ORGANISATION', 'ORGANISATION_TREE']; // who reaches a whole organisation may look as any role in it
const NOT_GIVEN = ['GUEST', 'SIGNED_IN', 'SYSTEM_CLIENT'];

// The roles to choose from: those held, and with an organisation all that there are.
export function rolesToLookAs(assignments) {
  const wide = assignments.some((one) => WHOLE.includes(one.reach));
  const held = wide ? Object.keys(known.roles) : assignments.map((one) => one.role);
  return [...new Set(held)].filter((role) => !NOT_GIVEN.includes(role));
}

export const previewHeaders = () => (preview.value ? { 'Vhod-Preview-Role': preview.value } : {});
