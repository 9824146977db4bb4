/** The manifests of a kind, as the model's own guard tells them: `ofKind(manifests, Deployment.is)`. */
export function ofKind<T>(manifests: readonly unknown[], is: (value: unknown) => value is T): T[] {
  return manifests.filter(is);
}
