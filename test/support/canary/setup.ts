import './watch-key-strings.ts';
import './watch-answers.ts';
import { afterAll } from 'vitest';
import { flushCanary } from './places.ts';

afterAll(flushCanary);
