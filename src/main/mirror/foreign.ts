// Indices of Elasticsearch's and Kibana's own housekeeping, which are not mirrored; the backing indices of data streams are the user's.

export function isForeign(name: string): boolean {
  return name.startsWith(".") && !name.startsWith(".ds-");
}

export function foreignReason(name: string): string {
  return `index ${name} belongs to Elasticsearch or Kibana itself and is not mirrored`;
}
