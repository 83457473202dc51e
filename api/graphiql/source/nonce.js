// Style sheets that the libraries make at run time get the page's nonce. Imported before anything that makes one.

import { known } from './known.js';

const make = document.createElement;

document.createElement = function createElement(name, ...options) {
  const made = make.call(this, name, ...options);
  if (String(name).toLowerCase() === 'style') made.nonce = known.nonce;
  return made;
};
