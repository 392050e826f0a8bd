/** Exchanges of digital money, nodes of its networks, explorers. Wallets have a file of their own. */
import { BEFORE, named } from '../builders.ts';
import { HEX, LOWER, SECRETS, UPPER, URL_SAFE, UUID, WORD, describe, keys, tokens } from '../vendor.ts';
import type { Rule } from '../rule.ts';

const etherscan = 'https://docs.etherscan.io/getting-an-api-key';

export const tradingRules: readonly Rule[] = [
  {
    ...describe(
      'Coinbase',
      'API key name',
      'low',
      'https://docs.cdp.coinbase.com/get-started/authentication/cdp-api-keys',
    ),
    title: 'Coinbase API key name, which stands beside a private key',
    keywords: ['/apiKeys/'],
    pattern: new RegExp(`${BEFORE}organizations/[a-f0-9-]{36}/apiKeys/[a-f0-9-]{36}(?![A-Za-z0-9_-])`),
    window: { before: 51, after: 36 },
    next: { of: 'a-f0-9-', least: 36 },
    validate: () => ({ ok: true, evidence: [] }),
  },
  named({
    ...describe('Gemini', 'exchange API secret', 'critical', 'https://docs.gemini.com/rest/authentication'),
    names: ['gemini'],
    rest: 'secret',
    of: WORD,
    length: [27, 28],
  }),
  // prettier-ignore
  ...tokens([
    ['Blockfrost', 'project ID', 'medium', ['mainnet', 'preprod'], WORD, 32, 'https://docs.blockfrost.io/'],
  ]),
  // prettier-ignore
  ...keys([
    ['Coinbase', 'API secret', 'critical', ['coinbase'], WORD, [32, 64], 'https://docs.cdp.coinbase.com/exchange/docs/authorization-and-authentication'],
    ['Coinbase', 'base64 API secret', 'critical', ['coinbase', 'cb_access', 'cbpro'], 'A-Za-z0-9+/=', [86, 88], 'https://docs.cdp.coinbase.com/exchange/docs/authorization-and-authentication'],
    ['Binance', 'API key or secret', 'critical', ['binance'], WORD, 64, 'https://developers.binance.com/docs/binance-spot-api-docs/rest-api'],
    ['Kraken', 'API key', 'high', ['kraken'], 'A-Za-z0-9+/', 56, 'https://docs.kraken.com/api/docs/guides/spot-rest-auth'],
    ['Kraken', 'private key', 'critical', ['kraken'], 'A-Za-z0-9+/=', [80, 92], 'https://docs.kraken.com/api/docs/guides/spot-rest-auth'],
    ['KuCoin', 'API secret', 'critical', ['kucoin'], UUID, 36, 'https://www.kucoin.com/docs/basic-info/connection-method/authentication/creating-a-request'],
    ['KuCoin', 'API key', 'high', ['kucoin'], HEX, 24, 'https://www.kucoin.com/docs/basic-info/connection-method/authentication/creating-a-request'],
    ['Bitfinex', 'API key or secret', 'critical', ['bitfinex', 'bfx_'], WORD, 43, 'https://docs.bitfinex.com/docs/rest-auth'],
    ['BitMEX', 'API secret', 'critical', ['bitmex'], URL_SAFE, 48, 'https://www.bitmex.com/app/apiKeysUsage'],
    ['BitMEX', 'API key', 'high', ['bitmex'], URL_SAFE, 24, 'https://www.bitmex.com/app/apiKeysUsage'],
    ['Bittrex', 'API key or secret', 'critical', ['bittrex'], HEX, 32, 'https://bittrex.github.io/api/v3'],
    ['Bybit', 'API secret', 'critical', ['bybit'], WORD, [36, 64], 'https://bybit-exchange.github.io/docs/v5/guide'],
    ['Bybit', 'API key', 'high', ['bybit'], WORD, [16, 18], 'https://bybit-exchange.github.io/docs/v5/guide'],
    ['OKX', 'API secret', 'critical', ['okx_', 'okex', 'okxapi', 'okx.'], UPPER, 32, 'https://www.okx.com/docs-v5/en/#overview-rest-authentication'],
    ['OKX', 'API key', 'high', ['okx_', 'okex', 'okxapi'], UUID, 36, 'https://www.okx.com/docs-v5/en/#overview-rest-authentication'],
    ['Huobi', 'API secret', 'critical', ['huobi', 'htx_'], 'a-z0-9-', [34, 40], 'https://www.htx.com/en-us/opend/newApiPages/'],
    ['Gate.io', 'API secret', 'critical', ['gateio', 'gate_io', 'gate.io'], HEX, [32, 64], 'https://www.gate.com/docs/developers/apiv4/'],
    ['MEXC', 'API key', 'high', ['mexc_', 'mexcapi'], LOWER, [18, 40], 'https://mexcdevelop.github.io/apidocs/spot_v3_en/', SECRETS],
    ['Bitget', 'API secret', 'critical', ['bitget'], HEX, 64, 'https://www.bitget.com/api-doc/common/intro'],
    ['Bitstamp', 'API secret', 'critical', ['bitstamp'], WORD, 32, 'https://www.bitstamp.net/api/'],
    ['Poloniex', 'API secret', 'critical', ['poloniex'], 'a-f0-9', 128, 'https://api-docs.poloniex.com/spot/api/'],
    ['Upbit', 'API key', 'high', ['upbit'], WORD, 40, 'https://docs.upbit.com/kr/reference/auth'],
    ['Deribit', 'client secret', 'critical', ['deribit'], URL_SAFE, 43, 'https://docs.deribit.com/#authentication'],
    ['Alpaca', 'secret key', 'critical', ['alpaca', 'apca_', 'apca-'], WORD, [40, 44], 'https://docs.alpaca.markets/docs/authentication'],
    ['Alchemy', 'API key', 'medium', ['alchemy'], URL_SAFE, 32, 'https://www.alchemy.com/docs/create-an-api-key'],
    ['Infura', 'API key or secret', 'medium', ['infura'], HEX, 32, 'https://docs.metamask.io/services/how-to/use-api-key-secret/'],
    ['QuickNode', 'key', 'medium', ['quicknode', 'quiknode'], 'A-Za-z0-9_', [40, 48], 'https://www.quicknode.com/docs/console-api/getting-started'],
    ['Moralis', 'API key', 'medium', ['moralis'], WORD, [40, 64], 'https://docs.moralis.com/'],
    ['Etherscan', 'API key', 'medium', ['etherscan', 'bscscan', 'polygonscan', 'arbiscan', 'ftmscan', 'snowtrace', 'basescan', 'celoscan', 'optimistic', 'blockscan'], UPPER, 34, etherscan],
    ['Blockchair', 'API key', 'low', ['blockchair'], 'A-Za-z0-9_', [24, 48], 'https://blockchair.com/api/docs'],
    ['BlockCypher', 'API token', 'medium', ['blockcypher'], HEX, 32, 'https://www.blockcypher.com/dev/'],
    ['CoinMarketCap', 'API key', 'medium', ['coinmarketcap', 'cmc_', 'cmc_pro', 'cmc-pro'], UUID, 36, 'https://coinmarketcap.com/api/documentation/v1/'],
    ['CoinGecko', 'API key', 'medium', ['coingecko', 'x-cg-pro', 'x-cg-demo', 'x_cg_'], 'A-Za-z0-9-', 27, 'https://docs.coingecko.com/reference/authentication'],
    ['CryptoCompare', 'API key', 'medium', ['cryptocompare', 'min-api'], HEX, 64, 'https://min-api.cryptocompare.com/documentation'],
    ['CoinAPI', 'API key', 'medium', ['coinapi'], UUID, 36, 'https://docs.coinapi.io/'],
    ['CoinLayer', 'API key', 'medium', ['coinlayer'], HEX, 32, 'https://coinlayer.com/documentation', `${SECRETS}|access`],
    ['Nansen', 'API key', 'medium', ['nansen'], WORD, 32, 'https://docs.nansen.ai/'],
    ['Covalent', 'API key', 'medium', ['covalent', 'cqt_'], 'A-Za-z0-9_', [30, 40], 'https://goldrush.dev/docs/'],
    ['Pinata', 'API secret', 'high', ['pinata'], HEX, 64, 'https://docs.pinata.cloud/account-management/api-keys'],
    ['Pinata', 'API key', 'medium', ['pinata'], HEX, 20, 'https://docs.pinata.cloud/account-management/api-keys'],
    ['WalletConnect', 'project secret', 'low', ['walletconnect', 'wallet_connect'], HEX, 32, 'https://docs.reown.com/cloud/explorer'],
    ['Helius', 'API key', 'medium', ['helius'], UUID, 36, 'https://www.helius.dev/docs/api-reference/authentication'],
    ['Tatum', 'API key', 'high', ['tatum_', 'tatum.io', 'tatumsdk'], 'A-Za-z0-9_-', [36, 100], 'https://docs.tatum.io/docs/authentication', SECRETS],
    ['Fireblocks', 'API key', 'high', ['fireblocks'], UUID, 36, 'https://developers.fireblocks.com/docs/quickstart'],
    ['LUNO', 'API secret', 'high', ['luno_', 'lunoapi'], URL_SAFE, 43, 'https://www.luno.com/en/developers/api', SECRETS],
  ]),
];
