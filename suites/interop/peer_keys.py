"""Keys of the peer meter and of its clients. They are published here on purpose and protect nothing.

Elliptic curve keys as (private scalar, public x || y), hexadecimal, made once with OpenSSL; one pair each for
signing and for key agreement, on P-256 (suite 1) and P-384 (suite 2)."""
CURVE_KEYS = {
    "server_sign_256": (
        "ad1b910539e082759b854aa3aa542c2473cc380d6252830cefbb8d84b911e8d5",
        "4bf572ecdd1742c3558b43c2a078a25499b21e06b91fa86e3965fe1973b5658ac8b728c4e8485d5bc23df0349fb4f4ba"
        "8a28294f34c9d18e844320acb1122344"),
    "server_agree_256": (
        "b2f026df4ef551c00d05fc0749787f11abc7de3800a64779d2cd39548e3fb54f",
        "663946c9d0b70b80499ece9e87f6ad39f34f96bdce306463c7538450c051169c534d2dcba55bd5452dab7a6d7682b55c"
        "aa47fbb9af9453dc480c361522d2a864"),
    "client_sign_256": (
        "f1456d1578757beedca74faec8da0fb8831c9b8035de3ff0c109fafced98cc13",
        "bc13868e0a01956073c63ba2e9e06a4336951b404f81a134991f01198181e871eff717c7b987b39387d60b69256eec32"
        "588cca23afa7177d7702de2ddedefc3b"),
    "client_agree_256": (
        "5483e8f3c0eecd1cf08fee9b8356773ca6cf5e49bda98e658ea0927b7ba9503b",
        "72703de0aff1a9d1db757b24537172170c45b0c3cc3d486daf7dd827ac9198921ff12f340eb0dcc5b174e97d78788ff2"
        "dbc3ba7872f9550bd5a96fd33c4a119b"),
    "server_sign_384": (
        "de702134cd5a4651ec992f39dc62355c11bba0833515dde7a27dc4f5c8ebf3a7d574b762553d73ba9c5cfd55783c51d1",
        "a11d19248d8959cd4edb4636c65c3b8ef00845367a580e8baa8fd545b95b7dfd69aea2862f3eb9d4f33afc67501137d4"
        "8d7617745f7ff3dfe796fbb4e064fbe3478b23898bba677719b84b5273e8db058d79ee0cee02aeaf4ef865480f6a2030"),
    "server_agree_384": (
        "4529b6a8dcf79fcf811abfbba3f4c8a2cab67472c6259bebff6c58ef0da7740fd1beccbb17c28014029226990df8218e",
        "b735b08ad0a89fdc47880dbacfabb54f1748c74d90d801179adfc5fd1aba490bb17b41d3cb6488510b3943ad1bb714e1"
        "0c2eefe3fae2a5b4eb1dd0607d220de84abe4b679b4502fcde01916c3ba9788e5abf91a4143d609248ccff24f7640fbb"),
    "client_sign_384": (
        "fcea92bee801697af55ba68149d05febb74621f6a9981817d3afd09e22aa2700f9c5b97c66ec4c2f626ba337aea4234f",
        "f8b6a69cbd1b9b5f420cac4b074e8c2b4679b58896c1c76bdea83be050470c949a9d5c006025755585f71146197d1323"
        "6298478decc712755209c90334ec28b7e90e4d84f5bb0ace38114acfa2c73cab7dfa6c3d9c381a4e0756e50d8f9274e9"),
    "client_agree_384": (
        "7fa0be6c578289d733aa54219539228ea3b45e186c4c1ce7a89670b1fae212c27f2c102e567b8a3465af16759d7832e6",
        "989fa7a61b3e169bd28aaa4c7495d45979d64ba1b679d07b09ea95ef6fd61d6c1b802afbe28753a78abdcefa770b5deb"
        "5c1c7f5b59c02ef4fb05cea8e2a80e2be25045e9a2c1fa88b176d01000b74364272361680006d0ac7320b0de40d5e28b"),
}
