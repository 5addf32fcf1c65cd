import { fuzzOperations } from './fuzz-operations.ts';

fuzzOperations('subscription');
