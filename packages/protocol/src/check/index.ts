export { type BatchCheck, checkBatch, type FieldProblem, type Read } from './checkBatch';
export { amountProblem, checkPoint, valueProblem } from './checkPoint';
export { networkKey } from './networkKey';
