import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './style.css';
import { createRoot } from 'react-dom/client';
import { Playground } from './playground.js';
import { readSettings } from './settings.js';

const root = document.querySelector('#root');
if (!root) throw new Error('The page has no root element');
createRoot(root).render(<Playground settings={await readSettings()} />);
