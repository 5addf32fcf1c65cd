/** The words that company names of one language are made of. */
export interface NameWords {
  /** How many names there are of this kind, in relation to the others. */
  readonly weight: number;
  /** Family or fantasy names. */
  readonly heads: readonly string[];
  readonly trades: readonly string[];
  readonly places: readonly string[];
  readonly forms: readonly string[];
  /** Between two heads. */
  readonly and: string;
  /** In the order of the language; `place` is empty for most. */
  readonly join: (head: string, trade: string, place: string, form: string) => string;
}

const list = (words: string) => words.split('|');
const spaced = (...parts: string[]) => parts.filter((part) => part !== '').join(' ');
const tradeFirst = (head: string, trade: string, place: string, form: string) => spaced(trade, head, place, form);
const headFirst = (head: string, trade: string, place: string, form: string) => spaced(head, trade, place, form);
const formFirst = (head: string, trade: string, place: string, form: string) => spaced(form, trade, head, place);

export const nameWords: readonly NameWords[] = [
  {
    // German
    weight: 16,
    and: ' & ',
    join: headFirst,
    heads: list(
      'Müller|Schröder|Köhler|Böhm|Krüger|Bäcker|Jäger|Lößnitz|Großmann|Weiß|Hübner|Nordlicht|Rheinblick|Schwarzwald|Kästner|Ostsee|Brandt|Vogt|Alpenglühen|Lindenhof',
    ),
    trades: list(
      'Maschinenbau|Logistik|Werkzeugtechnik|Elektrotechnik|Präzisionsteile|Bäckereibetriebe|Gebäudetechnik|Medizintechnik|Verlag|Küchengeräte|Energie|Steuerberatung',
    ),
    places: list('Düsseldorf|München|Köln|Lübeck|Zürich|Graz|Würzburg|Bremen|Wien|Dresden'),
    forms: list('GmbH|AG|GmbH & Co. KG|e. K.|OHG'),
  },
  {
    // English
    weight: 20,
    and: ' & ',
    join: headFirst,
    heads: list(
      'Ashford|Blackwood|Carraway|Drummond|Ellery|Fairbanks|Granite Peak|Harrow|Ironbridge|Juniper|Kestrel|Larkspur|Meridian|Northgate|Oakhurst|Pemberton|Quillfeather|Redfern|Silverlake|Thornbury',
    ),
    trades: list(
      'Logistics|Dental Care|Robotics|Financial|Foods|Outfitters|Legal|Bioscience|Freight|Insurance|Media|Analytics|Brewing|Architects',
    ),
    places: list('of Boston|of Leeds|Austin|Toronto|Melbourne|Dublin|Auckland|Cardiff|Denver|Edinburgh'),
    forms: list('Inc.|LLC|Ltd|PLC|Pty Ltd|LLP|Co.'),
  },
  {
    // French
    weight: 9,
    and: ' et ',
    join: tradeFirst,
    heads: list(
      'Lefèvre|Bélanger|Côté|Garçon|Hélène|Noël|Dubœuf|Beauséjour|Mérieux|Rivière|Château-Vert|Fontaine|Désiré|Père & Fils Gauthier|L’Étoile|Grandpré',
    ),
    trades: list(
      'Boulangeries|Transports|Éditions|Pharmacie|Menuiserie|Laboratoires|Ateliers|Crèmerie|Assurances|Conseil|Électricité|Vignobles',
    ),
    places: list('Besançon|Genève|Orléans|Québec|Liège|Nîmes|Montréal|Lyon'),
    forms: list('SARL|SA|SAS|SCOP|SNC'),
  },
  {
    // Spanish
    weight: 8,
    and: ' y ',
    join: tradeFirst,
    heads: list(
      'Núñez|Ibáñez|Muñoz|Peñalver|Gutiérrez|Álvarez|Quiñones|Cigüeña|El Ñandú|Hernández|Sierra Azul|Río Grande|Zúñiga|Ordóñez|Belmonte|La Española',
    ),
    trades: list(
      'Construcciones|Panadería|Transportes|Clínica|Distribuciones|Talleres|Editorial|Exportadora|Ingeniería|Farmacia|Seguros|Diseño',
    ),
    places: list('Málaga|Córdoba|Bogotá|Medellín|A Coruña|Mérida|Valparaíso|Asunción'),
    forms: list('S.L.|S.A.|S. de R.L.|S.A.S.'),
  },
  {
    // Portuguese
    weight: 5,
    and: ' e ',
    join: tradeFirst,
    heads: list(
      'Conceição|Magalhães|Araújo|Gonçalves|Simões|Pão de Ouro|Três Irmãos|Brandão|Assunção|Leitão|Mourão|Vitória|Falcão|Estação Sul',
    ),
    trades: list('Construções|Padaria|Transportes|Confecções|Soluções|Indústrias|Comércio|Clínica|Logística|Edições'),
    places: list('São Paulo|Goiânia|Évora|Brasília|Belém|Setúbal|Florianópolis|Braga'),
    forms: list('Ltda.|S.A.|Lda.|ME'),
  },
  {
    // Italian
    weight: 6,
    and: ' & ',
    join: tradeFirst,
    heads: list(
      'Bianchi|De Luca|Ferraro|Nicolò|Dell’Acqua|Marchetti|Papà Gino|Rossetti|Sant’Elia|Valtellina|Caffè Aurora|Monforte|Virtù|Grimaldi',
    ),
    trades: list(
      'Officine|Pasticceria|Trasporti|Ceramiche|Cantine|Costruzioni|Arredamenti|Farmaceutici|Tipografia|Studio Legale',
    ),
    places: list('Forlì|Cantù|Torino|Bologna|Lugano|Palermo|Trieste|Bari'),
    forms: list('S.r.l.|S.p.A.|S.n.c.|S.a.s.'),
  },
  {
    // Dutch
    weight: 4,
    and: ' en ',
    join: headFirst,
    heads: list(
      'Van der Meer|De Vries|Zeeën|Brouwer|Coöperatie Het Anker|Jansen|IJsselmeer|Tulpenveld|Hoëcker|Van ’t Hoff|Noordzee|De Gouden Leeuw',
    ),
    trades: list('Scheepsbouw|Transport|Bloemen|Installaties|Accountants|Zuivel|Bouwgroep|Advies|Tandartsen|Drukkerij'),
    places: list('Rotterdam|Utrecht|Gent|Groningen|Eindhoven|Antwerpen'),
    forms: list('B.V.|N.V.|V.O.F.|BV'),
  },
  {
    // Polish
    weight: 4,
    and: ' i ',
    join: headFirst,
    heads: list('Wiśniewski|Łukasiewicz|Żuraw|Kościuszko|Śląsk|Dąbrowa|Źródło|Gołąb|Wrzos|Zieliński|Jaskółka|Bałtyk'),
    trades: list('Budownictwo|Piekarnia|Elektronika|Okna|Meble|Spedycja|Ubezpieczenia|Drukarnia|Farmacja|Energia'),
    places: list('Łódź|Kraków|Gdańsk|Rzeszów|Poznań|Toruń|Wrocław'),
    forms: list('sp. z o.o.|S.A.|sp.j.|sp.k.'),
  },
  {
    // Czech
    weight: 3,
    and: ' a ',
    join: headFirst,
    heads: list('Dvořák|Šťastný|Řehoř|Kovář|Hlaváček|Březina|Růžička|Čapek|Vltava|Zlatý kůň|Žižka|Ještěd'),
    trades: list('Strojírny|Pekárna|Doprava|Sklárny|Stavby|Účetnictví|Pojišťovna|Nábytek|Pivovar|Lékárna'),
    places: list('Plzeň|Liberec|Brno|Hradec Králové|Ústí|Třebíč'),
    forms: list('s.r.o.|a.s.|spol. s r.o.|v.o.s.'),
  },
  {
    // Scandinavian
    weight: 6,
    and: ' og ',
    join: headFirst,
    heads: list(
      'Ångström|Sjöberg|Østergård|Håkansson|Bjørn|Tromsø|Smørrebrød|Kjærgaard|Nyström|Fjällräven|Sæther|Grønland|Åkesson|Þórsson',
    ),
    trades: list('Bygg|Sjøfart|Verkstad|Fiskeri|Energi|Möbler|Tannlegene|Rådgivning|Transport|Bryggeri'),
    places: list('Malmö|Århus|Ålesund|Göteborg|Bodø|Reykjavík|Odense|Umeå'),
    forms: list('AB|AS|A/S|ApS|ehf.'),
  },
  {
    // Finnish
    weight: 2,
    and: ' ja ',
    join: headFirst,
    heads: list('Hämäläinen|Pöyry|Yli-Kämä|Kääriäinen|Revontuli|Mäkinen|Järvenpää|Sysmä|Tähti|Väinölä|Karhu|Lähde'),
    trades: list('Rakennus|Sähkö|Metsä|Kuljetus|Leipomo|Työkalut|Apteekki|Vakuutus|Kirjapaino|Tilitoimisto'),
    places: list('Jyväskylä|Hyvinkää|Tampere|Hämeenlinna|Oulu'),
    forms: list('Oy|Oyj|Ky|Tmi'),
  },
  {
    // Hungarian
    weight: 2,
    and: ' és ',
    join: headFirst,
    heads: list('Szűcs|Kőszegi|Győri|Hűvösvölgy|Kékfény|Őszirózsa|Fűzfa|Tóth|Bükk|Vörösmarty|Kovács|Tündérkert'),
    trades: list('Építő|Gyógyszertár|Borászat|Szállítmányozó|Nyomda|Pékség|Biztosító|Könyvelő|Gépgyár|Bútor'),
    places: list('Pécs|Szeged|Győr|Székesfehérvár|Debrecen'),
    forms: list('Kft.|Zrt.|Nyrt.|Bt.'),
  },
  {
    // Turkish
    weight: 3,
    and: ' ve ',
    join: headFirst,
    heads: list('Öztürk|Yıldız|Çelik|Şahin|Güneş|İpek|Doğan|Irmak|Kılıç|Boğaziçi|Işık|Çınar'),
    trades: list('İnşaat|Lojistik|Gıda|Tekstil|Sigorta|Matbaa|Eczane|Yazılım|Enerji|Mobilya'),
    places: list('İzmir|Eskişehir|Muğla|Kayseri|Diyarbakır|İstanbul'),
    forms: list('A.Ş.|Ltd. Şti.|San. ve Tic. A.Ş.'),
  },
  {
    // Greek
    weight: 3,
    and: ' & ',
    join: headFirst,
    heads: list('Παπαδόπουλος|Αιγαίο|Ιωαννίδης|Ήλιος|Όλυμπος|Κωνσταντίνου|Αθηνά|Γαλάζιο Κύμα|Δελφοί|Μακρής'),
    trades: list('Ναυτιλιακή|Τρόφιμα|Κατασκευές|Φαρμακευτική|Εκδόσεις|Μεταφορές|Οινοποιία|Ενέργεια'),
    places: list('Θεσσαλονίκη|Πάτρα|Ηράκλειο|Λευκωσία'),
    forms: list('Α.Ε.|Ε.Π.Ε.|Ο.Ε.|Ι.Κ.Ε.'),
  },
  {
    // Ukrainian
    weight: 3,
    and: ' і ',
    join: formFirst,
    heads: list('«Сокіл»|«Їжак»|«Дніпро»|«Щедрик»|«Світанок»|«Ґанок»|«Калина»|«Чумацький Шлях»|«Джерело»|«Явір»'),
    trades: list('Хлібзавод|Електроніка|Будсервіс|Агро|Логістика|Видавництво|Медтехніка|Енергія'),
    places: list('Київ|Львів|Одеса|Чернівці|Харків'),
    forms: list('ТОВ|ПАТ|ПП|ТДВ'),
  },
  {
    // Bulgarian
    weight: 2,
    and: ' и ',
    join: headFirst,
    heads: list('Розова долина|Балкан|Пирин|Слънчоглед|Тракия|Димитров|Родопи|Янтра|Черно море|Иванов'),
    trades: list('Строй|Транспорт|Издателство|Хлебозавод|Енерджи|Мебели|Застраховане|Аптеки'),
    places: list('София|Пловдив|Варна|Бургас|Русе'),
    forms: list('ЕООД|ООД|АД|ЕТ'),
  },
  {
    // Japanese
    weight: 7,
    and: '・',
    join: (head, trade, place, form) => `${form}${place}${head}${trade}`,
    heads: list('山田|佐藤|桜井|富士見|青空|日向|北斗|さくら|ひまわり|ミナト|アサヒ野|鈴木|松風|若葉|大和田|光陽'),
    trades: list('製作所|商事|運輸|電機|食品|印刷|建設|薬局|歯科|システム|水産|設計事務所'),
    places: list('東京|大阪|札幌|福岡|名古屋|仙台'),
    forms: list('株式会社|有限会社|合同会社'),
  },
  {
    // Chinese, simplified
    weight: 4,
    and: '',
    join: (head, trade, place, form) => `${place}${head}${trade}${form}`,
    heads: list('华兴|东方|金龙|长江|瑞丰|明德|天宇|百川|盛世|新月|启航|泰和|云峰|海纳'),
    trades: list('科技|物流|医疗|食品|建筑|纺织|电子|贸易|出版|能源|环保|教育'),
    places: list('北京|上海|深圳|成都|武汉|广州|杭州'),
    forms: list('有限公司|股份有限公司|集团'),
  },
  {
    // Chinese, traditional
    weight: 3,
    and: '',
    join: (head, trade, place, form) => `${place}${head}${trade}${form}`,
    heads: list('鴻海洋|龍騰|永豐|臺灣之光|寶島|華夏|聯發|廣達|維多利亞|獅子山|豐澤|國泰'),
    trades: list('科技|物流|醫療|食品|建築|紡織|電子|貿易|出版|能源|環保|教育'),
    places: list('臺北|香港|高雄|臺中|澳門|九龍'),
    forms: list('有限公司|股份有限公司|企業社'),
  },
  {
    // Korean
    weight: 4,
    and: '',
    join: (head, trade, place, form) => `${form}${spaced(place, head, trade)}`,
    heads: list('한빛|대한|미래|하늘|무궁화|동아|새벽|푸른솔|은하수|가람|다온|누리'),
    trades: list('물류|전자|건설|식품|제약|출판|에너지|소프트'),
    places: list('서울|부산|대구|인천|광주'),
    forms: list('(주)|주식회사 |(유)'),
  },
  {
    // Arabic, written from right to left
    weight: 6,
    and: ' و',
    join: (head, trade, place, form) => spaced(form, head, trade, place),
    heads: list('النور|الأمل|الخليج|الفجر|المستقبل|الواحة|الريان|الياسمين|الشروق|البركة|القدس|النخيل'),
    trades: list('للتجارة|للمقاولات|للنقل|للأغذية|للتأمين|للبرمجيات|للطباعة|للأدوية|للطاقة|للاستشارات'),
    places: list('دبي|القاهرة|عمّان|الرياض|الدار البيضاء|بيروت'),
    forms: list('شركة|مؤسسة|مجموعة|مصنع'),
  },
  {
    // Hebrew, written from right to left
    weight: 4,
    and: ' ו',
    join: headFirst,
    heads: list('כרמל|הגליל|אורן|שחר|תבור|נחל עוז|ברקת|דקל|רימון|ים המלח|אלון|ירדן'),
    trades: list('הנדסה|לוגיסטיקה|מזון|תוכנה|ביטוח|דפוס|בנייה|רפואה|אנרגיה'),
    places: list('חיפה|תל אביב|ירושלים|באר שבע|נתניה'),
    forms: list('בע״מ|ושות׳|החזקות בע״מ'),
  },
  {
    // Hindi
    weight: 3,
    and: ' एवं ',
    join: headFirst,
    heads: list('शर्मा|गंगा|सूर्योदय|हिमालय|सितारा|कमल|अग्रवाल|नर्मदा|प्रगति|विकास'),
    trades: list('उद्योग|परिवहन|टेक्नोलॉजी|निर्माण|खाद्य|मुद्रण|बीमा|ऊर्जा'),
    places: list('मुंबई|जयपुर|दिल्ली|लखनऊ|पुणे'),
    forms: list('प्रा. लि.|लिमिटेड|एंड कंपनी'),
  },
  {
    // Vietnamese
    weight: 2,
    and: ' và ',
    join: (head, trade, place, form) => spaced('Công ty', form, trade, head, place),
    heads: list('Nguyễn Phúc|Hoàng Long|Đại Việt|Trường Sơn|Phương Đông|Ánh Dương|Sông Hồng|Bảo Ngọc|Thiên Ân|Hải Yến'),
    trades: list('Xây dựng|Thực phẩm|Vận tải|Dược phẩm|In ấn|Bảo hiểm|Năng lượng|Phần mềm'),
    places: list('Đà Nẵng|Hà Nội|Huế|Cần Thơ'),
    forms: list('TNHH|Cổ phần|Hợp danh'),
  },
  {
    // Thai
    weight: 2,
    and: '',
    join: (head, trade, place, form) => spaced(`บริษัท ${head}${trade}`, place, form),
    heads: list('สยาม|รุ่งเรือง|เจริญสุข|ธารทอง|ศรีสมบูรณ์|ดาวเหนือ|มงคล|พิพัฒน์'),
    trades: list('การค้า|ขนส่ง|อาหาร|ก่อสร้าง|การพิมพ์|พลังงาน|เภสัช|ประกันภัย'),
    places: list('เชียงใหม่|กรุงเทพ|ภูเก็ต'),
    forms: list('จำกัด|จำกัด (มหาชน)'),
  },
];
