// Style sheets that the libraries make at run time get the page's nonce. A script of its own, which runs before
// all others: they may make style sheets while they are being loaded.

import { known } from './known.js';

const make = document.createElement;

document.createElement = function createElement(name, ...options) {
  const made = make.call(this, name, ...options);
  if (String(name).toLowerCase() === 'style') made.nonce = known.nonce;
  return made;
};
