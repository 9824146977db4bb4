import { totalmem } from 'node:os';

/**
 * Memory that the process may have, in bytes: the limit of its control group (`docker run --memory`, a pod's limit) where
 * it has one below what the machine has, else all of the machine.
 */
export function memoryLimit(
  constrained: number | undefined = process.constrainedMemory(),
  total: number = totalmem(),
): number {
  // Without a limit Node answers nothing, 0, or a number that no machine reaches, by version and kernel.
  return constrained !== undefined && constrained > 0 && constrained < total ? constrained : total;
}
