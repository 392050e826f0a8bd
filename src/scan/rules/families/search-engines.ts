/** Search engines and vector databases: Algolia, Meilisearch, Pinecone, Qdrant, Typesense, Weaviate, Zilliz ... */
import { named, prefixed } from '../authoring/builders.ts';
import type { Rule } from '../model/rule.ts';
import { namedMixed, namedValue } from '../validators/named-value.ts';
import { regraded } from '../model/verdict.ts';

const qdrant = {
  severity: 'high',
  remediation: 'Revoke the key under "API Keys" of the cluster in Qdrant Cloud, then create a new one.',
  source: 'https://qdrant.tech/documentation/cloud/authentication/',
} as const;

export const searchEngineRules: readonly Rule[] = [
  named({
    id: 'algolia-api-key',
    title: 'Algolia API key',
    // Admin keys and keys for searching, which are public, look alike.
    severity: 'high',
    remediation:
      'Check under "API Keys" in the Algolia dashboard what the key may do, and replace it unless it is a search-only key.',
    source: 'https://www.algolia.com/doc/guides/security/api-keys/',
    names: ['algolia', 'docsearch'],
    rest: 'key|token|secret|admin',
    of: 'a-f0-9',
    length: 32,
    validate: (secret, context) => {
      const verdict = namedValue(secret, context);
      return verdict.ok && /search/i.test(context.groups['name'] ?? '')
        ? regraded('low', 'search-only key by its name, possibly public')
        : verdict;
    },
  }),
  named({
    id: 'meilisearch-key',
    title: 'Meilisearch key',
    severity: 'high',
    remediation: 'Delete the key with the Meilisearch keys API, or change the master key.',
    source: 'https://www.meilisearch.com/docs/learn/security/basic_security',
    names: ['meili'],
    rest: 'key|token|secret',
    of: 'A-Za-z0-9_-',
    length: [32, 64],
  }),
  named({
    id: 'typesense-api-key',
    title: 'Typesense API key',
    severity: 'high',
    remediation: 'Delete the key with the Typesense keys API, or change the bootstrap key.',
    source: 'https://typesense.org/docs/guide/data-access-control.html',
    names: ['typesense'],
    rest: 'key|token|secret',
    of: 'A-Za-z0-9',
    length: [32, 64],
  }),
  prefixed({
    id: 'pinecone-api-key',
    title: 'Pinecone API key',
    severity: 'high',
    remediation: 'Delete the key under "API keys" in the Pinecone project, then create a new one.',
    source: 'https://docs.pinecone.io/guides/projects/manage-api-keys',
    prefix: 'pcsk_',
    of: 'A-Za-z0-9_',
    length: [48, 80],
  }),
  named({
    id: 'pinecone-legacy-api-key',
    title: 'Pinecone API key (old format)',
    severity: 'high',
    remediation: 'Delete the key under "API keys" in the Pinecone project, then create a new one.',
    source: 'https://docs.pinecone.io/guides/projects/manage-api-keys',
    names: ['pinecone'],
    rest: 'key|token|secret|init',
    of: 'a-f0-9-',
    length: 36,
  }),
  named({
    id: 'weaviate-api-key',
    title: 'Weaviate API key',
    severity: 'high',
    remediation: 'Revoke the key of the cluster in the Weaviate Cloud console, then create a new one.',
    source: 'https://docs.weaviate.io/cloud/manage-clusters/authentication',
    names: ['weaviate', 'wcd_api', 'wcs_api'],
    rest: 'key|token|secret|(?<=api)',
    of: 'A-Za-z0-9_+/=-',
    length: [30, 80],
    validate: namedMixed,
  }),
  named({
    ...qdrant,
    id: 'qdrant-api-key',
    title: 'Qdrant API key',
    names: ['qdrant'],
    rest: 'key|token|secret',
    of: 'A-Za-z0-9_-',
    length: [32, 90],
  }),
  named({
    id: 'zilliz-api-key',
    title: 'Zilliz Cloud or Milvus API key',
    severity: 'high',
    remediation: 'Delete the key under "API Keys" in the Zilliz Cloud console, then create a new one.',
    source: 'https://docs.zilliz.com/docs/manage-api-keys',
    names: ['zilliz', 'milvus'],
    rest: 'key|token|secret',
    of: 'A-Za-z0-9',
    length: [40, 128],
  }),
];
