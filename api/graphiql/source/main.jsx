// The page: the editor gets its workers, then everything is drawn. nonce.js has run before.

import './workers.js';
import 'graphiql/style.css';
import '@graphiql/plugin-explorer/style.css';
import './page.css';

import { createRoot } from 'react-dom/client';

import { App } from './app.jsx';

createRoot(document.getElementById('root')).render(<App />);
