import 'graphiql/setup-workers/vite';
// Not `graphiql/style.css`: it repeats the style of the editor, and has 500 kB of fonts.
import '@graphiql/react/font/fira-code.css';
import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import 'graphiql/graphiql.css';
import './style.css';
import { createRoot } from 'react-dom/client';
import { Playground } from './playground.js';
import { readSettings } from './settings.js';

const root = document.querySelector('#root');
if (!root) throw new Error('The page has no element #root.');
createRoot(root).render(<Playground settings={await readSettings()} />);
